"""Contracts: what an API promises, as data. `load` reads one; everything else here is what it gives.

This package knows no HTTP server, no pytest and no API by name; `contracts/<api>/` holds only data.
"""

from contracts.errors import ContractError as ContractError
from contracts.load import DEFAULT as DEFAULT
from contracts.load import bundled as bundled
from contracts.load import load as load
from contracts.model import Contract as Contract
from contracts.model import Operation as Operation
from contracts.validation import Violation as Violation

__all__ = ["DEFAULT", "Contract", "ContractError", "Operation", "Violation", "bundled", "load"]
