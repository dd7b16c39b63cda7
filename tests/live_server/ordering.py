"""Sort keys. Empty values count as the largest; ties go by rising id."""

from django.db.models import F
from django.db.models.expressions import OrderBy

WORKSPACE_KEYS = {
    "views": "nr_views",
    "views_last_30_days": "nr_views_last_30_days",
}
APP_KEYS = {"views": "id", "views_last_30_days": "id", "dev_connect": "id"}
ENTITY_KEYS = {"summary": "id"}

BY_ID = F("id").asc()
BY_ROW = F("row_id").asc()
BY_USER = F("user").asc()


def order_terms(keys: list[str], columns: dict[str, str]) -> list[OrderBy]:
    """Order terms for the keys; `columns` maps keys named unlike their column."""
    terms = [order_term(key, columns) for key in keys]
    return [*terms, BY_ID]


def order_term(key: str, columns: dict[str, str]) -> OrderBy:
    """The order term of one key, such as `name` or `name:desc`."""
    name, _, direction = key.partition(":")
    column = columns.get(name, name)
    if column == "id":
        return BY_ID
    if direction == "desc":
        return F(column).desc(nulls_first=True)
    return F(column).asc(nulls_last=True)
