from typing import Any

from django.db import migrations, models


def verify_present_addresses(apps: Any, schema_editor: Any) -> None:
    """Accounts made before addresses were verified by code were made by somebody who knew them."""
    address = apps.get_model("account", "EmailAddress")
    for person in apps.get_model("people", "Person").objects.all():
        address.objects.get_or_create(
            user_id=person.pk, email=person.email, defaults={"verified": True, "primary": True}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.CreateModel(
            name="FailedSignIns",
            fields=[
                ("account", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveSmallIntegerField()),
                ("last", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("count__lte", 5)), name="failures_at_most_five"
                    )
                ],
            },
        ),
        migrations.RunPython(verify_present_addresses, migrations.RunPython.noop),
    ]
