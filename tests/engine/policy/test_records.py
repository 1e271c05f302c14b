"""What a policy says of records."""


def test_a_record_moves_no_case_by_itself_and_meets_what_there_is(beijing):
    for kind in beijing.parts.records.values():
        assert kind.effect.fire is None
        assert set(kind.effect.meets) <= set(beijing.obligations)


def test_a_venue_lies_in_an_area(beijing):
    for id, venue in beijing.parts.venues.items():
        assert venue.id == id
        assert venue.area in beijing.places.areas
