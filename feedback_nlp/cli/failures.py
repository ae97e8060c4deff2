"""From an exception to a message and an exit code; a user's mistake never ends in a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from feedback_nlp.cli.terminal import abandon, say
from feedback_nlp.errors import FeedbackError, InputError, SchemaError, UsageError

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130
_INTERRUPTED_SAID = "interrupted. Run the same command again: what was labelled is kept."


@contextmanager
def explained() -> Iterator[None]:
    """Turn what goes wrong inside into a message on stderr and an exit code.

    With FEEDBACK_NLP_DEBUG set, exceptions pass through with their traceback.
    """
    if os.environ.get("FEEDBACK_NLP_DEBUG"):
        yield
        return
    try:
        yield
    except (UsageError, InputError, SchemaError) as error:
        _stop(str(error), WRONG_USE)
    except FeedbackError as error:
        _stop(str(error), FAILED)
    except KeyboardInterrupt:
        _stop(_INTERRUPTED_SAID, INTERRUPTED)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer meets Ctrl-C first, and says nothing
            _stop(_INTERRUPTED_SAID, INTERRUPTED)
        raise
    except BrokenPipeError:
        # the reader of our output went away (`| head`): nothing is wrong, and nothing more can be said
        abandon(sys.stdout)
        sys.exit(0)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        _stop(
            f"{error.strerror or type(error).__name__}{where}. Check the path, its permissions and the free space.",
            FAILED,
        )
    except MemoryError:
        _stop("out of memory. Excel files are read whole: save the dump as CSV and try again.", FAILED)
    except Exception as error:  # the message must not carry a comment's text, so only the kind is shown
        _stop(
            f"unexpected {type(error).__name__}: this is a fault of feedback-nlp. "
            "Set FEEDBACK_NLP_DEBUG=1 to see where, and please report it.",
            FAILED,
        )


def _stop(message: str, code: int) -> None:
    say(f"feedback-nlp: {message}", to=sys.stderr)
    sys.exit(code)
