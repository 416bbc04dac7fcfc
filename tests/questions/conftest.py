"""What the tests of questions ask of a question: its right answers, as texts, lines of code or numbers."""

import pytest

import s2s_tutorial as s2s


class Key:
    """A question's answers, read as its reader's answers are judged."""

    def __init__(self, name: str) -> None:
        self.answers = s2s.ask(name).data["answers"]

    def right(self, key: str = "answer") -> list[str]:
        return [answer[key] for answer in self.answers if answer.get("correct")]

    def lines(self) -> dict[str, bool]:
        """Each line of code, and whether it is the right one."""
        return {answer["code"]: answer["correct"] for answer in self.answers}

    def judges(self, number: float) -> bool:
        """Whether a number is right, by the first answer that it fits."""
        for answer in self.answers:
            low, high = answer.get("range", [answer.get("value", number)] * 2)
            if low - 1e-6 <= number <= high + 1e-6:
                return answer.get("correct", False)
        return False


@pytest.fixture
def key():
    return Key
