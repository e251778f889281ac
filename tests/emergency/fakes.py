"""A carrier that only knows addresses: what a test types decides what it answers."""

from carrier.base import Address, AddressOutcome, AddressVerdict, CarrierUnavailable


class FakeEmergencyService:
    """Nowhere Lane is unknown, a PO box is refused, small letters get a suggestion, everything else is valid."""

    name = "fake"
    asked: list[Address] = []

    def check_address(self, address):
        self.asked.append(address)
        if "Nowhere" in address.line1:
            return AddressVerdict(AddressOutcome.UNKNOWN, reasons=("unknown_street",))
        if "PO Box" in address.line1:
            return AddressVerdict(AddressOutcome.UNKNOWN, reasons=("po_box", "made_up"))
        if address.line1.islower():
            found = Address(
                line1=address.line1.title(),
                line2=address.line2,
                city=address.city,
                state=address.state,
                postal_code=address.postal_code,
                country=address.country,
            )
            return AddressVerdict(AddressOutcome.SUGGESTED, found, ("case",))
        return AddressVerdict(AddressOutcome.VALID)


class FakeOutage:
    """Nobody answers."""

    name = "outage"

    def check_address(self, address):
        raise CarrierUnavailable("no route to the emergency service")
