"""A developer starts at the list of communes."""

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.places import actions as places
from xaso.kernel.tenancy import actions as tenancy


def test_the_communes_are_listed_with_their_addresses(client, binh_lu, ban_bo) -> None:
    answer = client.get("/api/v1/communes")
    found = {one["slug"]: one for one in answer.json()["items"]}
    assert set(found) == {"binh-lu", "ban-bo"}
    assert found["binh-lu"]["name"] == "Xã Bình Lư"
    assert found["binh-lu"]["api"] == "/binh-lu/api/v1"
    assert answer["Cache-Control"] == "public, max-age=300"
    assert client.get("/binh-lu/api/v1/communes").status_code == 404


def test_the_villages_of_one_commune_are_listed(client, binh_lu, ban_bo) -> None:
    for code, commune in (("BL-01", binh_lu), ("BB-01", ban_bo)):
        new = places.NewVillage(code, "bản", "Nà Đon", 22.31, 103.6)
        with tenancy.inside(commune.id):
            places.add_village(commune, new, by=SYSTEM)
    answer = client.get("/binh-lu/api/v1/villages")
    assert answer.json() == {
        "items": [{"code": "BL-01", "name": "Bản Nà Đon", "lat": 22.31, "lon": 103.6}]
    }
    again = client.get("/binh-lu/api/v1/villages", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get("/api/v1/villages").status_code == 404
