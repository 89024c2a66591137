"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 46 MiB, one pass, one lane: OWASP's first recommended setting.

    Django's own default takes 100 MiB and eight lanes: a morning's sign-ins, sixteen at once, would
    ask the commune's small machine for 1.6 GB. Older hashes are renewed at the next sign-in.
    """

    time_cost = 1
    memory_cost = 46 * 1024
    parallelism = 1
