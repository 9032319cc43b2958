"""What a series is called and what is said of it, by an organiser, for everybody."""

from openmap.core.db import session
from openmap.events.models import Series


def stored(slug: str) -> Series:
    session.rollback()
    return session.query(Series).filter_by(slug=slug).one()


def test_olga_presents_the_series_and_claire_reads_it(olga, claire, event):
    path = f"/series/{event.series.slug}"
    olga.sees(path).click("Présenter la série")
    olga.submits(f"{path}/edit", "", name="OpenMap Déchets", description="Pour qui collecte.\n\nPour qui achète.")
    page = claire.sees(path)
    assert page.html.h1.get_text(strip=True) == "OpenMap Déchets"
    assert [each.get_text() for each in page.html.select(".series-about p")] == [
        "Pour qui collecte.",
        "Pour qui achète.",
    ]
    assert "Présenter la série" not in page.text


def test_a_series_without_a_name_is_refused_and_what_was_typed_stays(olga, event):
    path = f"/series/{event.series.slug}/edit"
    page = olga.submits(path, "", status=422, name=" ", description="Un texte écrit pour rien ?")
    assert "Écrivez le nom de la série." in page.text
    assert "Un texte écrit pour rien ?" in page.text


def test_of_two_organisers_the_second_reads_what_the_first_wrote(olga, event):
    path, slug = f"/series/{event.series.slug}/edit", event.series.slug
    late = olga.sees(path)
    olga.submits(path, "", description="La première.")
    answer = olga.submits(late, "", status=409, description="La seconde.")
    assert "La seconde." in answer.text
    assert stored(slug).description == "La première."
