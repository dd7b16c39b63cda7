"""Contracts: what an API promises, as data. `load` reads one; everything else here is what it returns.

This package knows no HTTP server, no pytest and no API by name; `contracts/<api>/` holds only data.
"""

from apitwin.contracts.errors import ContractError as ContractError
from apitwin.contracts.load import DEFAULT as DEFAULT
from apitwin.contracts.load import bundled as bundled
from apitwin.contracts.load import load as load
from apitwin.contracts.model import Contract as Contract
from apitwin.contracts.model import Operation as Operation
from apitwin.contracts.validation import Violation as Violation

__all__ = ["DEFAULT", "Contract", "ContractError", "Operation", "Violation", "bundled", "load"]
