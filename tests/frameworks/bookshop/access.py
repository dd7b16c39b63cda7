"""Who may read: a Bearer token."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

TOKEN = "bookshop-secret-4711"
bearer = HTTPBearer(description="A token of the shop.", auto_error=False)


def admits(request: Request, token: str | None) -> bool:
    """Whether somebody who shows this token may read. None: no token is shown."""
    return token is not None and secrets.compare_digest(token.encode(), TOKEN.encode())


def refusal(token: str | None) -> Exception:
    """What is said to somebody who may not."""
    said = "Not authenticated" if token is None else "Invalid token"
    return HTTPException(401, said, {"WWW-Authenticate": "Bearer"})


async def reader(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> None:
    """Let in whoever has the token."""
    token = None if credentials is None else credentials.credentials
    if not admits(request, token):
        raise refusal(token)
