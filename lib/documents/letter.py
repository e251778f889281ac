from dataclasses import dataclass


class LetterRefused(Exception):
    pass


class Letter:
    pass


class Signature:
    pass


def letter_of_agency(l):
    pass
