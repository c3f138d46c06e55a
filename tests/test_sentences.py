"""What a change of one sentence does to an obligation: pairs of sentences with the effects that the review says."""

from __future__ import annotations

import pytest

from macros.review.sentences import Effect, Sentence, compare

PAIRS = (
    # force
    ("The owner shall test it.", "The owner should test it.", {"force": "softened from 'shall' to 'should'"}, True),
    ("The owner shall test it.", "The owner may test it.", {"force": "softened from 'shall' to 'may'"}, True),
    ("The owner must test it.", "The owner can test it.", {"force": "softened from 'must' to 'can'"}, True),
    ("The owner shall test it.", "The owner tests it.", {"force": "softened: 'shall' was dropped"}, True),
    ("The owner should test it.", "The owner shall test it.", {"force": "hardened from 'should' to 'shall'"}, False),
    ("The owner tests it.", "The owner shall test it.", {"force": "hardened: 'shall' was added"}, False),
    ("The owner shall test it.", "The owner must test it.", {"force": "changed from 'shall' to 'must'"}, False),
    ("Logs shall be kept.", "Logs shall be kept and should be read.", {"force": "hardened: 'should' was added"}, False),
    # negation
    ("Data shall not be copied.", "Data shall be copied.", {"negation": "a 'not' or 'no' was dropped"}, False),
    ("Data shall be copied.", "Data shall not be copied.", {"negation": "a 'not' or 'no' was added"}, False),
    ("Staff may not copy data here.", "Staff may copy data here.", {"negation": "a 'not' or 'no' was dropped"}, False),
    ("No ISMS document takes its place.", "One ISMS document takes its place.", {"negation": "a 'not' or 'no' was dropped"}, False),
    ("A gate is passed without approval.", "A gate is passed with approval.", {"negation": "a 'not' or 'no' was dropped"}, False),
    (
        "Data shall not be copied.",
        "Data should be copied.",
        {"force": "softened from 'shall not' to 'should'", "negation": "a 'not' or 'no' was dropped"},
        True,
    ),
    # deadlines
    ("It is sent within 15 days.", "It is sent within 20 days.", {"deadline": "made longer from 15 days to 20 days"}, True),
    ("It is sent within 15 days.", "It is sent within 10 days.", {"deadline": "made shorter from 15 days to 10 days"}, False),
    ("It is sent within two days.", "It is sent within three days.", {"deadline": "made longer from 2 days to 3 days"}, True),
    ("It is sent within 2 days.", "It is sent within two days.", {}, False),
    ("It is sent within 2 working days.", "It is sent within 4 working days.", {"deadline": "made longer from 2 days to 4 days"}, True),
    ("It is sent within 15 hours.", "It is sent within 15 days.", {"deadline": "changed from 15 hours to 15 days"}, False),
    (
        "Logs are kept for at least six months.",
        "Logs are kept for at least three months.",
        {"deadline": "made shorter from 6 months to 3 months"},
        True,
    ),
    (
        "Logs are kept for at least 6 months.",
        "Logs are kept for at least 9 months.",
        {"deadline": "made longer from 6 months to 9 months"},
        False,
    ),
    # thresholds
    (
        "A difference of more than 10 percent is a defect.",
        "A difference of more than 15 percent is a defect.",
        {"threshold": "raised from 10 percent to 15 percent"},
        True,
    ),
    (
        "A difference of more than 10 percent is a defect.",
        "A difference of more than 5 percent is a defect.",
        {"threshold": "lowered from 10 percent to 5 percent"},
        False,
    ),
    (
        "Agreement is at least 95 percent.",
        "Agreement is at least 90 percent.",
        {"threshold": "lowered from 95 percent to 90 percent"},
        True,
    ),
    ("Two of 0.5 and 3 are drawn.", "Two of 0.7 and 3 are drawn.", {"threshold": "raised from 0.5 to 0.7"}, True),
    ("Up to 4 is low and 9 is high.", "Up to 4 is low.", {"threshold": "figures changed: 9 to none"}, False),
    # parameters, roles, references
    (
        'Within {{ param("correction_days") }} days it ends.',
        'Within {{ param("exception_days") }} days it ends.',
        {"parameter": "parameter changed from correction_days to exception_days"},
        False,
    ),
    ('It ends within {{ param("correction_days") }} days.', "It ends within 30 days.", {"parameter": None, "threshold": None}, False),
    (
        'The {{ role("data-steward") }} decides on it.',
        'The {{ role("ai-system-owner") }} decides on it.',
        {"role": "role changed from data-steward to ai-system-owner"},
        False,
    ),
    (
        'It follows {{ document("PRO-003") }} in each case.',
        'It follows {{ document("PRO-006") }} in each case.',
        {"requirement": "reference changed from PRO-003 to PRO-006"},
        False,
    ),
    (
        'It answers {{ requirement("eu-ai-act:Art.14") }} here.',
        'It answers {{ requirement("eu-ai-act:Art.15") }} here.',
        {"requirement": "reference changed from eu-ai-act:Art.14 to eu-ai-act:Art.15"},
        False,
    ),
    # words that look alike and mean something else
    ("Only lawful uses are entered.", "Only unlawful uses are entered.", {}, False),
    ("The internal audit is held.", "The external audit is held.", {}, False),
    ("The group is included in it.", "The group is excluded in it.", {}, False),
)

EDITORIAL = (
    ("The Owner tests it.", "The owner tests it."),
    ("The owner tests it, twice.", "The owner tests it twice."),
    ("The owner shall recieve it.", "The owner shall receive it."),
    ("The organisation decides it.", "The organization decides it."),
    ("The asessment is kept.", "The assessment is kept."),
    ("- The owner tests it.", "* The owner tests it!"),
)
MEANING = PAIRS[-3:]


def sentence(raw: str, heading: str = "Rules", line: int = 1) -> Sentence:
    return Sentence(heading, raw, raw, line)


def change_of(old: str, new: str, heading: str = "Rules"):
    changes, editorial = compare((sentence(old, heading),), (sentence(new, heading),))
    return changes, editorial


@pytest.mark.parametrize(("old", "new", "effects", "weakens"), PAIRS, ids=[pair[1] for pair in PAIRS])
def test_a_changed_sentence_has_these_effects(old, new, effects, weakens):
    changes, editorial = change_of(old, new)
    assert (len(changes), editorial) == (1, 0)
    found = {effect.value: said for effect, said in changes[0].effects}
    assert set(found) == set(effects)
    for name, said in effects.items():
        assert said is None or found[name] == said
    assert changes[0].weakens == weakens
    assert changes[0].reverses == ("negation" in effects)


@pytest.mark.parametrize(("old", "new"), EDITORIAL, ids=[pair[1] for pair in EDITORIAL])
def test_case_punctuation_and_spelling_are_editorial(old, new):
    assert change_of(old, new) == ((), 1)


def test_a_sentence_that_moved_is_one_editorial_change():
    one, two, three = (sentence(f"Sentence {name} stands here.") for name in ("one", "two", "three"))
    assert compare((one, two, three), (two, three, one)) == ((), 1)


def test_a_sentence_that_stays_is_no_change_wherever_lines_are_added():
    assert compare((sentence("It stays.", line=1),), (sentence("It stays.", line=9),)) == ((), 0)


def test_a_change_in_the_scope_says_so():
    (change,), _ = change_of("It holds for shops and offices.", "It holds for shops.", "Scope")
    assert change.effects == ((Effect.SCOPE, "it stands in the scope"),)
    assert change.obliges


def test_a_dropped_rule_weakens_and_an_added_one_does_not():
    (gone,), _ = compare((sentence("The owner shall test it."),), ())
    (come,), _ = compare((), (sentence("The owner shall test it."),))
    assert (gone.word, gone.weakens, gone.obliges) == ("removed", True, True)
    assert (come.word, come.weakens, come.obliges) == ("added", False, True)


def test_what_can_happen_obliges_nobody():
    (change,), _ = compare((), (sentence("Errors can occur."),))
    assert not change.obliges


def test_a_renamed_heading_is_a_changed_sentence():
    old, new = sentence("## Uses that are not allowed"), sentence("## Uses that are allowed")
    (change,), editorial = compare((old,), (new,))
    assert editorial == 0
    assert [effect for effect, _ in change.effects] == [Effect.NEGATION]
