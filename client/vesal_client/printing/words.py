"""What the print queue says about letters: void ones, ones printed before, ones that wait."""

from collections.abc import Sequence

from vesal_client.printing.queue_list import state_words
from vesal_shared import money
from vesal_shared.digits import code
from vesal_shared.messages.letters import Letter


def void_words(letters: Sequence[Letter], count: int) -> str:
    """Say which of the letters are left out because they are void."""
    void = [letter for letter in letters if letter.status == "void"]
    if count == 1:
        return f"نامه {code(void[0].number)} باطل شده است و چاپ نمی‌شود."
    return f"{money.show(count)} نامه باطل شده‌اند و چاپ نمی‌شوند."


def not_printed_words(letters: Sequence[Letter]) -> str:
    """Say why no outcome can be marked on these."""
    if len(letters) > 1:
        return "نتیجه برای نامه‌هایی ثبت می‌شود که چاپ شده‌اند."
    letter = letters[0]
    if letter.status == "issued":
        return f"نامه {code(letter.number)} هنوز چاپ نشده است."
    return f"وضعیت نامه {code(letter.number)}: {state_words(letter)}"


def again_title(again: Sequence[Letter]) -> str:
    """Ask whether to print again."""
    if len(again) == 1:
        return f"نامه {code(again[0].number)} دوباره چاپ شود؟"
    return f"{money.show(len(again))} نامه دوباره چاپ شود؟"


def again_text(again: Sequence[Letter]) -> str:
    """Say how often they were printed before, and by whom."""
    if len(again) == 1:
        letter = again[0]
        who = f"، بار آخر به دست {letter.printed_by}" if letter.printed_by else ""
        return f"این نامه پیش از این {money.show(letter.print_count)} بار چاپ شده است{who}."
    shown = "، ".join(f"{code(letter.number)} ({money.show(letter.print_count)} بار)" for letter in again[:4])
    more = f" و {money.show(len(again) - 4)} نامه دیگر" if len(again) > 4 else ""
    return f"این نامه‌ها پیش از این چاپ شده‌اند: {shown}{more}."
