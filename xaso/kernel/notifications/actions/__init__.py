"""Everything that changes what people are told, and how."""

from xaso.kernel.notifications.actions.calling import AlreadyCalled as AlreadyCalled
from xaso.kernel.notifications.actions.calling import Outcome as Outcome
from xaso.kernel.notifications.actions.calling import note_call as note_call
from xaso.kernel.notifications.actions.calling import number_to_call as number_to_call
from xaso.kernel.notifications.actions.forgetting import forget_recipient as forget_recipient
from xaso.kernel.notifications.actions.listening import Browser as Browser
from xaso.kernel.notifications.actions.listening import NotASubscription as NotASubscription
from xaso.kernel.notifications.actions.listening import listen as listen
from xaso.kernel.notifications.actions.listening import listen_anew as listen_anew
from xaso.kernel.notifications.actions.listening import push_key as push_key
from xaso.kernel.notifications.actions.listening import stop_listening as stop_listening
from xaso.kernel.notifications.actions.sending import NothingToSendAgain as NothingToSendAgain
from xaso.kernel.notifications.actions.sending import send as send
from xaso.kernel.notifications.actions.sending import send_again as send_again
from xaso.kernel.notifications.actions.setting_up import AccessNotGranted as AccessNotGranted
from xaso.kernel.notifications.actions.setting_up import NewSettings as NewSettings
from xaso.kernel.notifications.actions.setting_up import ZaloIsAway as ZaloIsAway
from xaso.kernel.notifications.actions.setting_up import connect as connect
from xaso.kernel.notifications.actions.setting_up import go_on as go_on
from xaso.kernel.notifications.actions.setting_up import pause as pause
from xaso.kernel.notifications.actions.setting_up import send_test as send_test
from xaso.kernel.notifications.actions.setting_up import set_up as set_up
from xaso.kernel.notifications.actions.telling import Recipient as Recipient
from xaso.kernel.notifications.actions.telling import tell as tell
from xaso.kernel.notifications.actions.tokens import look_after as look_after
