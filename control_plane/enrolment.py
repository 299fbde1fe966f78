"""How somebody becomes a customer: user, account, subscription and first credits, all or none."""

from control_plane.billing import service as billing
from control_plane.catalogue import service as catalogue
from control_plane.credits import service as credit_service
from control_plane.kit.database import Connection
from control_plane.users import service as users
from control_plane.users.records import NewUser, User
from shared.credits import MICRO
from shared.errors import ValidationFailed


async def enrol(connection: Connection, new: NewUser, credits_given: int | None = None) -> User:
    """`credits_given`: whole credits in place of the plan's allotment. The caller's transaction.

    Raises ValidationFailed or Conflict.
    """
    if credits_given is not None and credits_given < 0:
        raise ValidationFailed("The credits must not be negative.", param="credits")
    await catalogue.check_tier(connection, new.tier)
    user = await users.create(connection, new)
    await credit_service.open_account(connection, user.id, user.tier)
    amount = None if credits_given is None else credits_given * MICRO
    await billing.subscribe(connection, user.id, user.tier, amount)
    return user
