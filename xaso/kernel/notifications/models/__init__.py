"""Tables of the room."""

from xaso.kernel.notifications.models.channels import Account as Account
from xaso.kernel.notifications.models.channels import Receipt as Receipt
from xaso.kernel.notifications.models.channels import Subscription as Subscription
from xaso.kernel.notifications.models.incoming import Incoming as Incoming
from xaso.kernel.notifications.models.messages import Message as Message
from xaso.kernel.notifications.models.tariffs import Item as Item
from xaso.kernel.notifications.models.tariffs import Sureness as Sureness
from xaso.kernel.notifications.models.tariffs import Tariff as Tariff
