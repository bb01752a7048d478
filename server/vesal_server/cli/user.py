"""`vesal-server user`: an administrator's way in when locked out."""

import argparse
import sys

from vesal_server.access import passwords, users
from vesal_server.access.passwords import Hasher
from vesal_server.audit.service import SYSTEM
from vesal_server.cli.frame import Context, Subparsers, common_options
from vesal_shared.digits import ascii_digits


def register(commands: Subparsers) -> None:
    """Declare the command and its two sub-commands."""
    parser = commands.add_parser("user")
    actions = parser.add_subparsers(title="کارها", metavar="ACTION", required=True)
    create = actions.add_parser("create", help="کاربر تازه", parents=[_common()])
    create.add_argument("name", metavar="NAME", help="نام کاربری")
    create.add_argument(
        "--group", action="append", required=True, metavar="TITLE", help="عنوان گروه دسترسی (چند بار)"
    )
    create.add_argument("--branch", metavar="CODE", help="کد شعبه")
    create.add_argument("--province", metavar="CODE", help="کد استان")
    create.add_argument("--first-name", default="", metavar="F", help="نام")
    create.add_argument("--last-name", default="", metavar="L", help="نام خانوادگی")
    create.add_argument("--password-stdin", action="store_true", help="کلمه عبور از ورودی استاندارد")
    create.set_defaults(run=run_create)
    password = actions.add_parser("password", help="کلمه عبور تازه برای کاربر", parents=[_common()])
    password.add_argument("name", metavar="NAME", help="نام کاربری")
    password.add_argument("--password-stdin", action="store_true", help="کلمه عبور از ورودی استاندارد")
    password.set_defaults(run=run_password)


def run_create(context: Context, arguments: argparse.Namespace) -> None:
    """Create a user. A password that was given need not be changed at the next log-in; a made one must."""
    given = _given(arguments)
    password = passwords.make() if given is None else given
    new = users.NewUser(
        username=arguments.name,
        password=password,
        groups=arguments.group,
        first_name=arguments.first_name,
        last_name=arguments.last_name,
        branch_code=ascii_digits(arguments.branch) if arguments.branch else None,
        province_code=ascii_digits(arguments.province) if arguments.province else None,
        must_change_password=given is None,
    )
    with context.database().transaction() as connection:
        user_id = users.create(connection, SYSTEM, context.clock.now(), Hasher(), new)
    made = password if given is None else None
    context.answer({"id": user_id, "username": arguments.name, "password": made})
    context.say(f"کاربر «{arguments.name}» ساخته شد.")
    _tell(context, made)


def run_password(context: Context, arguments: argparse.Namespace) -> None:
    """Set a user's password and end their sessions."""
    given = _given(arguments)
    password = passwords.make() if given is None else given
    with context.database().transaction() as connection:
        users.set_password(
            connection,
            SYSTEM,
            context.clock.now(),
            Hasher(),
            arguments.name,
            password,
            must_change=given is None,
        )
    made = password if given is None else None
    context.answer({"username": arguments.name, "password": made})
    context.say(f"کلمه عبور «{arguments.name}» تغییر کرد.")
    _tell(context, made)


def _common() -> argparse.ArgumentParser:
    """The options that may stand behind the sub-command too."""
    return common_options()


def _given(arguments: argparse.Namespace) -> str | None:
    if not arguments.password_stdin:
        return None
    # Only the end of the line goes: a password may begin or end with a blank.
    return sys.stdin.readline().rstrip("\r\n")


def _tell(context: Context, made: str | None) -> None:
    if made is not None:
        context.show(f"کلمه عبور: {made}")
        context.say("این کلمه عبور فقط همین یک بار نشان داده می‌شود.")
