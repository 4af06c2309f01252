"""Reading a whole HSDS 3 document (see hsds.py), in sentences what is wrong with it.

Besides our own document this reads a list of services, a page of an HSDS API (`contents`) and a single service, with
the organization nested. Nothing is guessed: a field that this house has no place for is named in a note and left out.
"""

import json
import uuid
from typing import Any

from casework.models import User
from offers.exchange.hsds_read import ReadOrganization, ReadService
from offers.exchange.known import Known
from offers.exchange.plan import Plan, import_plan
from offers.exchange.rows import Unreadable

__all__ = ["Plan", "check_hsds", "import_hsds", "import_plan", "read_document"]

MOST_BYTES = 20 * 1024 * 1024
MOST_SERVICES = 20_000


def read_document(data: bytes) -> Any:
    """JSON in UTF-8. Raises Unreadable with a sentence."""
    if not data.strip():
        raise Unreadable("Die Datei ist leer.")
    if len(data) > MOST_BYTES:
        raise Unreadable("Die Datei ist größer als 20 MB. Bitte teilen Sie sie.")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except RecursionError as error:
        raise Unreadable("Die Datei ist zu tief verschachtelt; das ist kein HSDS.") from error
    except ValueError as error:
        raise Unreadable("Die Datei ist kein lesbares JSON in UTF-8.") from error


def check_hsds(data: Any) -> Plan:
    """Judge the whole document; nothing is written."""
    organizations, services = _shape(data)
    plan = Plan(Known.load())
    for number, organization in enumerate(organizations, 1):
        plan.declared.add(id(ReadOrganization(plan, f"Träger {number}", plan.errors).read(organization)))
    seen: dict[uuid.UUID, int] = {}
    for number, service in enumerate(services, 1):
        ReadService(plan, number, seen).read(service)
    return plan


def _shape(data: Any) -> tuple[list[Any], list[Any]]:
    if isinstance(data, list):
        organizations, services = [], data
    elif isinstance(data, dict) and ("services" in data or "organizations" in data):
        organizations, services = data.get("organizations", []), data.get("services", [])
    elif isinstance(data, dict) and "contents" in data:
        organizations, services = [], data["contents"]
    elif isinstance(data, dict) and "id" in data and "status" in data:
        organizations, services = [], [data]
    else:
        raise Unreadable("Die Datei enthält keine Angebote (services) nach HSDS 3.")
    if not isinstance(organizations, list) or not isinstance(services, list):
        raise Unreadable("„organizations“ und „services“ müssen Listen sein.")
    if len(services) > MOST_SERVICES or len(organizations) > MOST_SERVICES:
        raise Unreadable("Die Datei enthält mehr als 20.000 Einträge. Bitte teilen Sie sie.")
    return organizations, services


def import_hsds(data: Any, *, by: User, only_valid: bool = False) -> Plan:
    """Read, judge and write in one go, for commands and tests; the pages show the plan between."""
    plan = check_hsds(data)
    import_plan(plan=plan, by=by, only_valid=only_valid)
    return plan
