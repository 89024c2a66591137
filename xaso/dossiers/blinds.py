"""The contexts under which personal numbers are digested, so that equal ones can be found."""

PHONE = "dossiers.phone"
TAIL = "dossiers.phone_tail"  # last four digits
NUMBER = "dossiers.id_number"
SLIP = "dossiers.slip"  # four digits printed on the slip
SLIP_OF = "dossiers.slip_of"  # where those digits come from
