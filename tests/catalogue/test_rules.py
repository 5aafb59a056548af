"""What a resource type allows."""

from server.catalogue import rules


def test_skills_belong_to_talent_alone() -> None:
    assert not rules.check_skills("talent", ["数学"])
    assert not rules.check_skills("works", [])
    assert rules.check_skills("works", ["数学"])[0].field == "skills"
