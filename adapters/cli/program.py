"""The program: a command line in, an exit code out. Whatever goes wrong becomes one line here."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Sequence

import click

from . import language, terminal
from .commands import root
from .language import t
from .settings import chosen_language, configured
from .usage import usage


def run(arguments: Sequence[str]) -> int:
    """Run a command line and give its exit code: 0, 1 for a refusal, 2 for wrong usage."""
    language.LANG = chosen_language(arguments, os.environ, {})
    if sys.stdout is None:  # it was closed before the program began
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  it lasts as long as the program
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    terminal.prepare(os.environ)
    with language.click_speaks():
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    try:
        language.LANG = chosen_language(arguments, os.environ, configured(os.environ))
        os.environ["LANGUAGE"] = language.LANG
        if any("\0" in word for word in arguments):  # no shell can give it, and no file is called so
            raise click.UsageError(t("命令行中有 NUL 字符", "there is a NUL character in the command line"))
        result = root().main(args=list(arguments), prog_name="guikou", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        return 0
    except click.UsageError as error:
        click.echo(usage(error, arguments), err=True)
        return 2
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.Abort:
        click.echo(t("已中止", "stopped"), err=True)
        return 130
    except BrokenPipeError:
        terminal.silence(sys.stdout)  # the reader went away, as with `| head`
        return 0
    except OSError as error:  # the disk is full, say; what goes wrong with a file of its own is told where it is read
        from guikou.engine.errors.reasons import os_reason

        why = os_reason(error)
        _complain(f"[output] {t(why.zh, why.en)}")
        return 1
    except Exception as error:
        from guikou.engine.errors import GuikouError

        from . import hints

        if not isinstance(error, GuikouError):
            raise
        click.echo(f"[{error.code}] {hints.line(error)}", err=True)
        return error.exit_code


_stopped_by: list[int] = []
#: After so many seconds whoever was told to end, and goes on, is told again: what is raised where Python ignores
#: exceptions, as in a `__del__`, is lost.
AGAIN = 5.0


def _stop(number: int, _: object) -> None:
    if number != _ALARM:
        _stopped_by.append(number)
    if _ALARM is not None:
        signal.setitimer(signal.ITIMER_REAL, AGAIN)
    raise KeyboardInterrupt


_ALARM = getattr(signal, "SIGALRM", None)


def main() -> None:
    """The console script. Whoever ends it leaves nothing half written beside a file."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is signal.SIG_DFL:
            signal.signal(getattr(signal, name), _stop)
    if _ALARM is not None:
        signal.signal(_ALARM, _stop)
    code = run([terminal.typed(word) for word in sys.argv[1:]])
    if _ALARM is not None:
        signal.setitimer(signal.ITIMER_REAL, 0)
    sys.exit(128 + _stopped_by[0] if _stopped_by else code)


def _complain(text: str) -> None:
    """Say what went wrong with standard output itself, and let nothing more be written to it."""
    with contextlib.suppress(OSError):
        sys.stdout.close()
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    click.echo(text, err=True)
