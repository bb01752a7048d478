"""Letters: issued by a day's planning, void with a cure, given back with a return, moved with their facility."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from vesal_server import settings
from vesal_server.kit.db import AnyRow, Connection
from vesal_server.kit.secrets import Secrets
from vesal_server.letters import content, numbering, queries
from vesal_server.letters.content import Letterhead, LetterText
from vesal_shared import letter_seal
from vesal_shared.jalali import year_of
from vesal_shared.letter_content import LOGO_REFERENCE, Bank, encode
from vesal_shared.text import search_key

#: Letters whose content is in memory at once while a night's are issued.
_BATCH = 2_000

#: Workflow, channel and role.
TextKey = tuple[int, str, str]


def issue_planned(
    connection: Connection, day: date, texts: Mapping[TextKey, LetterText], *, now: datetime, secrets: Secrets
) -> None:
    """Write the letters that planning put into `plan_letter`: number, freeze and seal those to be issued.

    `texts` has what each workflow says by channel and role. The caller holds the plan lock.
    """
    year = year_of(day)
    queries.make_contents(connection)
    if numbering.take(connection, year):
        head = letterhead(connection, now=now, secrets=secrets)
        for batch in queries.to_issue(connection, _BATCH):
            queries.put_contents(connection, [_frozen(row, texts, head, day, year) for row in batch])
    queries.write(connection, day, year, now)


def _frozen(
    row: AnyRow, texts: Mapping[TextKey, LetterText], head: Letterhead, day: date, year: int
) -> tuple[int, str, str, str, str]:
    number = numbering.number(year, row.branch_code, row.number_seq)
    text = texts[(row.workflow_id, row.channel, row.role)]
    made = content.build(row, text, head, day, number)
    # What a list shows and a search finds: keys hold no space, so one between them keeps them apart.
    keys = (number, made.addressee.name, row.loan_no, row.person_customer_no)
    search = " ".join(search_key(key) for key in keys)
    return row.ordinal, number, encode(made).decode(), made.addressee.name, search


def letterhead(connection: Connection, *, now: datetime, secrets: Secrets) -> Letterhead:
    """What the settings put on every letter, and the key that seals it (made with the first letter)."""
    stored = settings.read(connection)
    key_id, key = signing_key(connection, now=now, secrets=secrets)
    image = stored.text("bank.logo")
    return Letterhead(
        bank=Bank(
            name=stored.text("bank.name"),
            national_id=stored.text("bank.national_id"),
            # By its hash: a hundred thousand letters don't each carry the picture.
            logo=LOGO_REFERENCE + queries.keep_logo(connection, image) if image else "",
        ),
        cc=tuple(line.strip() for line in stored.text("letters.cc").splitlines() if line.strip()),
        window_envelope=stored.flag("letters.window_envelope"),
        key_id=key_id,
        key=key,
    )


def signing_key(connection: Connection, *, now: datetime, secrets: Secrets) -> tuple[str, Ed25519PrivateKey]:
    """The key in use and its id; the first time it is made and stored under the secrets' key."""
    stored = queries.newest_key(connection)
    if stored is not None:
        return stored.key_id, secrets.open_letter_key(stored.sealed, stored.key_id)
    key = Ed25519PrivateKey.generate()
    key_id = letter_seal.key_id(key.public_key())
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    queries.add_key(connection, key_id, public, secrets.seal_letter_key(key, key_id), now)
    return key_id, key


def episodes_closed(connection: Connection, episode_ids: Sequence[int], *, now: datetime) -> tuple[int, int]:
    """Cancel suppressed and void unserved letters of episodes that ended; how many of each."""
    return queries.close_episodes(connection, episode_ids, now)


def episodes_reopened(connection: Connection, episode_ids: Sequence[int], *, now: datetime) -> int:
    """Give letters of reopened episodes the state back that the cure took; says how many."""
    return queries.reopen_episodes(connection, episode_ids, now)


def workflows_changed(connection: Connection, workflow_ids: Sequence[int]) -> int:
    """Cancel the suppressed letters of workflows that changed; says how many."""
    return queries.cancel_suppressed(connection, workflow_ids)


def facilities_moved(connection: Connection, facility_ids: Sequence[int]) -> int:
    """Let unprinted letters follow their facility to its new branch; says how many."""
    return queries.move(connection, facility_ids)


def persons_joined(connection: Connection, customer_ids: Sequence[int]) -> None:
    """Let letters follow customers that turned out to be one person."""
    queries.persons_joined(connection, customer_ids)
