"""Telephone numbers as people write them, French ones first."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

HOME = "FR"
LONGEST = 30


def read_phone(text: str) -> str | None:
    """Return the number as it is printed (« 01 23 45 67 89 », « +32 2 123 45 67 » from abroad), None if it is none."""
    try:
        number = phonenumbers.parse(text, HOME)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or number.extension:
        return None
    is_home = number.country_code == phonenumbers.country_code_for_region(HOME)
    written = phonenumbers.format_number(
        number, PhoneNumberFormat.NATIONAL if is_home else PhoneNumberFormat.INTERNATIONAL
    )
    return written if len(written) <= LONGEST else None
