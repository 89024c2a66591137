"""The administrative units of Lai Châu before and after 1 July 2025."""

import csv
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

from xaso.kernel.text.folding import fold, nfc

SINCE = date(2025, 7, 1)
BASIS = "1670/NQ-UBTVQH15"
ROOT = UUID("3b8f3f52-8d9e-5c1b-9f0e-1fd2a4e6c012")  # namespace of keys made from codes
DATA = Path(__file__).resolve().parent.parent / "data"
KINDS = ("Thị trấn ", "Thành phố ", "Phường ", "Huyện ", "Tỉnh ", "Xã ")


def rows(name):
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def bare(name):
    return next((name.removeprefix(k) for k in KINDS if name.startswith(k)), name)


def fill(apps, schema_editor):
    unit_model = apps.get_model("places", "AdminUnit")
    version_model = apps.get_model("places", "AdminUnitVersion")
    change_model = apps.get_model("places", "AdminUnitChange")

    def add(key, level, kind, *versions):
        unit = unit_model.objects.create(id=uuid5(ROOT, key), level=level, kind=kind)
        for v in versions:
            name = nfc(v.pop("name"))
            version_model.objects.create(
                unit=unit, level=level, name=name, short_name=bare(name), fold=fold(bare(name)),
                legal_basis=BASIS, source="vietnamadminunits 1.0.4", **v,
            )
        return unit

    province = add("province 12", "province", "tỉnh", {
        "code": "12", "name": "Tỉnh Lai Châu", "period": DateRange(None, None),
    })
    old = rows("laichau_old.csv")
    districts = {}
    for code, name in sorted({(r["district_code"], r["district"]) for r in old}):
        kind = "thành phố" if name.startswith("Thành phố") else "huyện"
        districts[code] = add(f"district {code}", "district", kind, {
            "code": code, "name": name, "parent": province, "period": DateRange(None, SINCE),
        })
    new = {}
    for r in rows("laichau.csv"):
        new[r["code"]] = add(f"commune {r['code']} 2025-07-01", "commune", r["kind"], {
            "code": r["code"], "name": r["name"], "parent": province,
            "period": DateRange(SINCE, None), "area_km2": r["area_km2"],
            "lat": float(r["lat"]), "lon": float(r["lon"]),
        })
    for r in old:
        before = add(f"commune {r['code']} before 2025-07-01", "commune", r["kind"], {
            "code": r["code"], "name": r["name"], "parent": districts[r["district_code"]],
            "period": DateRange(None, SINCE), "lat": float(r["lat"]), "lon": float(r["lon"]),
        })
        change_model.objects.create(
            on=SINCE, kind="merge", old=before, new=new[r["new_code"]], legal_basis=BASIS
        )
    for code, district in districts.items():
        for target in sorted({r["new_code"] for r in old if r["district_code"] == code}):
            change_model.objects.create(
                on=SINCE, kind="split", old=district, new=new[target], is_default=False,
                legal_basis=BASIS,
            )


def empty(apps, schema_editor):
    for name in ("AdminUnitChange", "AdminUnitVersion", "AdminUnit"):
        apps.get_model("places", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [migrations.RunPython(fill, empty)]
