"""Sequences and mappings that never change: what they hold is what a list or a dict holds after the same changes."""

from __future__ import annotations

import random
from bisect import bisect_left

import pytest
from hypothesis import given, settings, strategies

from apitwin.mock_server.world.blocks import SIZE, Blocks
from apitwin.mock_server.world.shards import Shards


def key(number: int) -> int:
    return number


@pytest.mark.parametrize("size", [0, 1, SIZE, 6 * SIZE + 1])
def test_a_sequence_reads_like_a_list(size: int) -> None:
    blocks, listed = Blocks.of(range(size), key), list(range(size))

    assert (list(blocks), len(blocks), bool(blocks)) == (listed, size, bool(listed))
    for start in (0, 1, SIZE - 1, SIZE, size - 1, size, -1, -SIZE, None):
        for stop in (0, 1, SIZE, SIZE + 1, size, size + 9, -1, None):
            assert list(blocks[start:stop]) == listed[start:stop]
            assert list(blocks[start:stop:3]) == listed[start:stop:3]
    assert list(blocks[::-1]) == listed[::-1]
    for place in {0, size // 2, size - 1, -1, -size} if size else ():
        assert blocks[place] == listed[place]
    with pytest.raises(IndexError):
        blocks[size]


@given(seed=strategies.integers(0, 10_000), size=strategies.sampled_from([0, 3, 2 * SIZE]))
@settings(deadline=None, max_examples=25)
def test_every_change_makes_another_sequence(seed: int, size: int) -> None:
    """Numbers are put in and taken out in swarms, so that blocks grow, part, shrink and join."""
    chance = random.Random(seed)
    blocks, held = Blocks.of(range(0, size * 10, 10), key), list(range(0, size * 10, 10))
    kept = [(blocks, [*held])]
    for _ in range(8):
        middle, grows = chance.randrange(20_000), chance.random() < 0.5
        for _ in range(chance.choice([1, 60, 700])):
            number = middle + chance.randrange(2_000)
            place = bisect_left(held, number)
            if grows and number not in held[place : place + 1]:
                blocks = blocks.changed(None, number)
                held.insert(place, number)
            elif not grows and held[place : place + 1]:
                blocks = blocks.changed(held.pop(place), None)
        kept.append((blocks, [*held]))

    for sequence, expected in kept:
        assert list(sequence) == expected and len(sequence) == len(expected)
        for number in (-1, 0, 777, 20_000, *expected[:2], *expected[-2:]):
            assert sequence.place_after(number) == sum(each <= number for each in expected)
        assert list(sequence[len(expected) // 2 :]) == expected[len(expected) // 2 :]


def test_what_is_not_there_cannot_be_taken_out() -> None:
    for blocks in (Blocks.of([1, 3], key), Blocks.of([], key)):
        for number in (0, 2, 9):
            with pytest.raises(KeyError):
                blocks.changed(number, None)


@given(changes=strategies.lists(strategies.tuples(strategies.sets(strategies.text(max_size=2)), strategies.integers())))
@settings(deadline=None, max_examples=60)
def test_a_mapping_reads_like_a_dict(changes: list[tuple[set[str], int]]) -> None:
    mapping, held = Shards[str, int](), dict[str, int]()
    kept = [(mapping, held)]
    for keys, value in changes:
        gone = [each for each in keys if each in held and value % 2]
        come = {each: value for each in keys if value % 3}
        mapping = mapping.changed(gone, come.items())
        held = {each: number for each, number in held.items() if each not in gone} | come
        kept.append((mapping, held))
    for made, expected in kept:
        assert dict(made) == expected and len(made) == len(expected)
        assert all(each in made for each in expected) and "not there" not in made
    with pytest.raises(KeyError):
        mapping.changed(["not there"], ())
