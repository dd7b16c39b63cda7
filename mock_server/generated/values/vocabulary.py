"""Words that generated values are made of. No name here is that of a real person, company or product on purpose."""

from __future__ import annotations

FIRST_NAMES = (
    "Ada", "Bruno", "Chiara", "David", "Emma", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Kira", "Liam", "Mona",
    "Nils", "Olga", "Pablo", "Quinn", "Rosa", "Samir", "Tess", "Uma", "Victor", "Wanda", "Yara", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Adler", "Becker", "Costa", "Dahl", "Eriksen", "Fischer", "Garcia", "Haas", "Ivanov", "Jansen", "Keller", "Lopez",
    "Meyer", "Novak", "Olsen", "Peters", "Quist", "Rossi", "Santos", "Turner", "Ulrich", "Vega", "Weber", "Young",
)  # fmt: skip
COMPANIES = (
    "Alder & Sons", "Bright Hill", "Copper Mill", "Delta Works", "Evergreen Supply", "Foxglove Studio",
    "Granite Labs", "Hillside Foods", "Ironwood", "Juniper Logistics", "Kestrel Systems", "Lighthouse Media",
    "Meadow Energy",
)  # fmt: skip
CITIES = (
    "Amsterdam", "Bergen", "Cork", "Dresden", "Espoo", "Florence", "Ghent", "Hamburg", "Izmir", "Krakow", "Lyon",
    "Malmo", "Nantes", "Porto", "Riga", "Seville", "Turin", "Utrecht", "Vienna", "Zurich",
)  # fmt: skip
COUNTRIES = (
    ("NL", "Netherlands"), ("NO", "Norway"), ("IE", "Ireland"), ("DE", "Germany"), ("FI", "Finland"), ("IT", "Italy"),
    ("BE", "Belgium"), ("PL", "Poland"), ("FR", "France"), ("PT", "Portugal"), ("ES", "Spain"), ("CH", "Switzerland"),
)  # fmt: skip
STREETS = (
    "Station Road", "Mill Lane", "High Street", "Canal Walk", "Church Street", "Park Avenue", "Old Quay",
    "Elm Close",
)  # fmt: skip
REGIONS = ("North Holland", "Bavaria", "Tuscany", "Catalonia", "Brittany", "Flanders", "Saxony", "Galicia")
COLOURS = ("red", "green", "blue", "amber", "violet", "teal", "white", "black")
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "NOK")
LANGUAGES = ("en", "nl", "de", "fr", "es", "it")
ZONES = ("Europe/Amsterdam", "Europe/Berlin", "Europe/Paris", "UTC")
STATES = ("active", "pending", "done", "draft")
KINDS = ("standard", "basic", "premium", "internal")
TITLES = (
    "The Long Shore", "A Winter Garden", "Notes on Bridges", "The Quiet Mill", "Seven Rivers",
    "Letters from the Coast", "The Glass Orchard", "An Evening Train", "The Copper Road", "Salt and Cedar",
    "Maps of the North", "The Last Lantern",
)  # fmt: skip
PHRASES = (
    "Made for everyday use.", "Checked twice and ready to go.", "To be discussed next week.", "Arrived without damage.",
    "A short note that says what matters.", "Replaces the earlier one.", "Works as it should.", "Kept for reference.",
)  # fmt: skip
JOBS = ("Engineer", "Designer", "Analyst", "Planner", "Editor", "Technician", "Librarian", "Architect")
DEPARTMENTS = ("Sales", "Support", "Research", "Operations", "Finance")
WORDS = (
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbor", "indigo", "jasper", "kelp", "linen",
    "maple", "north", "opal", "pine", "quartz", "river", "slate", "thistle", "umber", "vale", "willow", "yarrow",
)  # fmt: skip
FILES = ("report.pdf", "plan.pdf", "photo.jpg", "table.csv", "notes.txt")
MEDIA_TYPES = ("application/pdf", "image/png", "text/csv", "text/plain")
