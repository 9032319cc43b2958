"""SIRET numbers as people write them."""

from stdnum.exceptions import ValidationError
from stdnum.fr import siret


def read_siret(text: str) -> str | None:
    """Return the 14 digits of a valid SIRET written with or without spaces, else None.

    The key is Luhn's, except for La Poste, whose establishments need a sum of digits divisible by 5.
    Source: https://www.insee.fr/fr/metadonnees/definition/c1841
    """
    try:
        digits = str(siret.validate("".join(text.split())))
    except ValidationError:
        return None
    return digits if digits.strip("0") else None
