"""Accounts in Great Britain, Germany and France; their numbers are kept there for film and radio."""

from simulator.demo_shapes import DemoAccount

ABROAD = (
    DemoAccount(
        "Thistle and Vine Ltd",
        "Albion Business Telecom",
        "ABT/40917",
        "Fiona Marsh",
        "14 Lantern Yard",
        "London",
        "EC1A 1BB",
        ("+442079460110", "+442079460111", "+442079460112"),
        state="",
        country="GB",
        minimum_lead_days=7,
        identifiers={"underlying_carrier": "Albion Networks"},
    ),
    DemoAccount(
        "Kranich Büromöbel GmbH",
        "Havelnetz Telefon",
        "HN 2204-118",
        "Jonas Weidmann",
        "Lindenstraße 12",
        "Berlin",
        "10969",
        ("+493023125110", "+493023125111"),
        state="",
        country="DE",
        minimum_lead_days=7,
        identifiers={"company_id": "HRB 000118 B"},
    ),
    DemoAccount(
        "Maison Verveine SARL",
        "Rivage Télécom",
        "RV-66120",
        "Claire Aubert",
        "12 rue des Tilleuls",
        "Paris",
        "75011",
        ("+33199000110", "+33199000111"),
        state="",
        country="FR",
        minimum_lead_days=7,
        identifiers={"company_id": "000001180", "rio": "01E000118AB3"},
    ),
)
