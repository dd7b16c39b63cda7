"""Small clients, each with one bug that really happened, and correct ones.

Every one is a function (base URL, token) -> the items it read. Each stands whole, also where it is much like another:
the bug is to be seen in the place where people write it.
"""

from __future__ import annotations

from tests.clients.zoo.asking import ENTITIES as ENTITIES
from tests.clients.zoo.asking import TIMEOUT_S as TIMEOUT_S
from tests.clients.zoo.asking import FetchAll as FetchAll
from tests.clients.zoo.asking import session as session
from tests.clients.zoo.correct import patient as patient
from tests.clients.zoo.correct import reads_pages_side_by_side as reads_pages_side_by_side
from tests.clients.zoo.correct import walks_by_links as walks_by_links
from tests.clients.zoo.correct import walks_by_offset as walks_by_offset
from tests.clients.zoo.failing import TakesAbsenceForDeletion as TakesAbsenceForDeletion
from tests.clients.zoo.failing import asks_again_at_once as asks_again_at_once
from tests.clients.zoo.failing import asks_again_for_ever as asks_again_for_ever
from tests.clients.zoo.failing import believes_in_json_by_its_label as believes_in_json_by_its_label
from tests.clients.zoo.failing import swallows_errors as swallows_errors
from tests.clients.zoo.failing import takes_a_failure_for_an_empty_page as takes_a_failure_for_an_empty_page
from tests.clients.zoo.failing import takes_not_found_for_the_end as takes_not_found_for_the_end
from tests.clients.zoo.failing import waits_for_ever as waits_for_ever
from tests.clients.zoo.harsh import RemembersThePageSize as RemembersThePageSize
from tests.clients.zoo.harsh import fails_at_an_empty_page as fails_at_an_empty_page
from tests.clients.zoo.harsh import strides_by_the_first_page as strides_by_the_first_page
from tests.clients.zoo.harsh import takes_an_empty_page_for_the_end as takes_an_empty_page_for_the_end
from tests.clients.zoo.harsh import takes_one_item_for_the_last as takes_one_item_for_the_last
from tests.clients.zoo.reading import asks_for_everything_at_last as asks_for_everything_at_last
from tests.clients.zoo.reading import asks_for_the_rest_at_once as asks_for_the_rest_at_once
from tests.clients.zoo.reading import believes_the_count as believes_the_count
from tests.clients.zoo.reading import compares_with_another_page_size as compares_with_another_page_size
from tests.clients.zoo.reading import deletes_while_it_pages as deletes_while_it_pages
from tests.clients.zoo.reading import drops_its_filter_on_page_two as drops_its_filter_on_page_two
from tests.clients.zoo.reading import follows_a_link_for_ever as follows_a_link_for_ever
from tests.clients.zoo.reading import follows_links_in_a_circle as follows_links_in_a_circle
from tests.clients.zoo.reading import insists_on_the_first_count as insists_on_the_first_count
from tests.clients.zoo.reading import keeps_one_of_each_name as keeps_one_of_each_name
from tests.clients.zoo.reading import (
    keeps_what_it_has_when_the_count_changes as keeps_what_it_has_when_the_count_changes,
)
from tests.clients.zoo.reading import looks_one_item_ahead as looks_one_item_ahead
from tests.clients.zoo.reading import sends_its_parameters_twice as sends_its_parameters_twice
from tests.clients.zoo.reading import steps_one_item_short as steps_one_item_short
from tests.clients.zoo.reading import stops_after_fifty_pages as stops_after_fifty_pages
from tests.clients.zoo.reading import stops_at_a_short_page as stops_at_a_short_page
from tests.clients.zoo.reading import stops_at_a_thousand as stops_at_a_thousand
from tests.clients.zoo.reading import stops_at_ten_thousand as stops_at_ten_thousand
from tests.clients.zoo.reading import strides_by_the_limit_asked_for as strides_by_the_limit_asked_for
from tests.clients.zoo.reading import walks_until_an_empty_page as walks_until_an_empty_page
from tests.clients.zoo.tokens import brings_its_token_along as brings_its_token_along
from tests.clients.zoo.tokens import sends_its_token_anywhere as sends_its_token_anywhere
from tests.clients.zoo.tokens import writes_its_token_into_the_address as writes_its_token_into_the_address
from tests.clients.zoo.tokens import writes_its_token_into_the_log as writes_its_token_into_the_log

BUGS: dict[str, tuple[FetchAll, str]] = {
    client.__name__: (client, law)
    for client, law in (
        (strides_by_the_limit_asked_for, "reads-everything"),
        (stops_at_a_short_page, "short-page-is-not-the-end"),
        (looks_one_item_ahead, "reads-everything"),
        (keeps_one_of_each_name, "reads-everything"),
        (compares_with_another_page_size, "reads-everything"),
        (steps_one_item_short, "reads-everything"),
        (deletes_while_it_pages, "reads-everything"),
        (drops_its_filter_on_page_two, "keeps-its-filters"),
        (sends_its_parameters_twice, "keeps-its-filters"),
        (asks_for_everything_at_last, "keeps-its-page-size"),
        (asks_for_the_rest_at_once, "keeps-its-page-size"),
        (stops_at_a_thousand, "a-long-list"),
        (stops_after_fifty_pages, "a-long-list"),
        (stops_at_ten_thousand, "a-long-list"),
        (keeps_what_it_has_when_the_count_changes, "survives-drift"),
        (takes_not_found_for_the_end, "fails-loudly"),
        (follows_a_link_for_ever, "stops"),
        (follows_links_in_a_circle, "stops"),
        (believes_the_count, "stops"),
        (walks_until_an_empty_page, "stops"),
        (swallows_errors, "fails-loudly"),
        (takes_a_failure_for_an_empty_page, "fails-loudly"),
        (asks_again_at_once, "waits"),
        (asks_again_for_ever, "gives-up"),
        (sends_its_token_anywhere, "keeps-its-token"),
        (brings_its_token_along, "keeps-its-token"),
        (writes_its_token_into_the_log, "keeps-its-token"),
        (writes_its_token_into_the_address, "keeps-its-token"),
        (insists_on_the_first_count, "survives-drift"),
        (believes_in_json_by_its_label, "fails-loudly"),
        (waits_for_ever, "has-a-time-out"),
        (takes_one_item_for_the_last, "a-page-of-one"),
        (strides_by_the_first_page, "a-short-page-in-the-middle"),
        (takes_an_empty_page_for_the_end, "an-empty-page-in-the-middle"),
        (fails_at_an_empty_page, "an-empty-last-page"),
    )
}
"""The clients with a bug, and the law that names it."""
BUGS["takes_absence_for_deletion"] = (TakesAbsenceForDeletion(), "absence-is-no-deletion")
BUGS["remembers_the_page_size"] = (RemembersThePageSize(), "the-page-maximum-is-lowered")

CORRECT: tuple[FetchAll, ...] = (walks_by_offset, walks_by_links, reads_pages_side_by_side)
