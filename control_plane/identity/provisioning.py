"""Creates a user with a credit account, a subscription and its first credits."""

from control_plane.billing import subscriptions as billing
from control_plane.catalogue import service as catalogue
from control_plane.identity.users import service as users
from control_plane.identity.users.records import NewUser, User
from control_plane.kit.database import Connection
from control_plane.ledger import accounts
from shared.credits import MICRO
from shared.errors import ValidationFailed


async def create_user(connection: Connection, new: NewUser, credits: int | None = None) -> User:
    """Create everything in the caller's transaction.

    `credits`: whole credits to grant instead of the plan's. Raises ValidationFailed or Conflict.
    """
    if credits is not None and credits < 0:
        raise ValidationFailed("The credits must not be negative.", param="credits")
    await catalogue.check_tier(connection, new.tier)
    user = await users.create(connection, new)
    await accounts.open_account(connection, user.id, user.tier)
    amount = None if credits is None else credits * MICRO
    await billing.subscribe(connection, user.id, user.tier, amount)
    return user
