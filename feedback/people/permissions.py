"""What each role may do. Relations to a case (handler, drafter, head) are checked in the lifecycle."""

from feedback.people.models import Permission as P
from feedback.people.models import Role

RIGHTS: dict[Role, frozenset[P]] = {
    Role.CHAIR: frozenset(
        {
            P.SEE_WARD,
            P.UNMASK,
            P.INTAKE,
            P.ENTER_FOR_OTHERS,
            P.ASSIGN,
            P.HANDLE,
            P.APPROVE,
            P.DECIDE,
            P.HOLD_DIALOGUE,
            P.ANNOUNCE,
        }
        | {P.SET_OWN_SUBSTITUTE, P.SET_ANY_SUBSTITUTE, P.DELEGATE}
    ),
    Role.VICE_CHAIR: frozenset(
        {
            P.SEE_WARD,
            P.UNMASK,
            P.INTAKE,
            P.ENTER_FOR_OTHERS,
            P.ASSIGN,
            P.HANDLE,
            P.APPROVE_FOR_CHAIR,
            P.DECIDE,
            P.HOLD_DIALOGUE,
            P.ANNOUNCE,
            P.SET_OWN_SUBSTITUTE,
        }
    ),
    Role.CLERK: frozenset(
        {
            P.SEE_WARD,
            P.UNMASK,
            P.INTAKE,
            P.ENTER_FOR_OTHERS,
            P.ASSIGN,
            P.HANDLE,
            P.DECIDE,
            P.HOLD_DIALOGUE,
            P.ANNOUNCE,
            P.SET_OWN_SUBSTITUTE,
        }
    ),
    Role.DEPARTMENT_HEAD: frozenset(
        {
            P.SEE_DEPARTMENT,
            P.UNMASK,
            P.ASSIGN,
            P.HANDLE,
            P.SET_OWN_SUBSTITUTE,
            P.ANNOUNCE_OWN,
        }
    ),
    Role.OFFICER: frozenset({P.SEE_OWN, P.UNMASK, P.HANDLE, P.SET_OWN_SUBSTITUTE}),
    Role.NEIGHBOURHOOD_HEAD: frozenset(
        {P.SEE_NEIGHBOURHOOD, P.ENTER_FOR_OTHERS, P.SET_OWN_SUBSTITUTE, P.ANNOUNCE_OWN}
    ),
    Role.SUPERVISOR: frozenset({P.SEE_ANONYMISED}),
    Role.ADMINISTRATOR: frozenset({P.SETTINGS, P.DELEGATE, P.SET_ANY_SUBSTITUTE}),
}


def rights(roles: frozenset[Role]) -> frozenset[P]:
    """All rights of somebody who holds these roles."""
    return frozenset().union(*(RIGHTS[role] for role in roles))
