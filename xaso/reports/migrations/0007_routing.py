# The list of rules that says where reports go, and why each went there.

import django.db.models.constraints
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from xaso.kernel.tenancy.operations import AppendOnly, Isolate, SameCommune


# A published version of the list is never edited: traces name its rows, processes keep them.
FROZEN = """
    CREATE FUNCTION reports_rules_are_frozen() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    DECLARE wanted bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.book_id ELSE NEW.book_id END;
    BEGIN
        IF EXISTS (SELECT 1 FROM reports_rulebook b
                   WHERE b.id = wanted AND b.state = 'published') THEN
            RAISE EXCEPTION 'Rules of a published list are never edited.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END $$;
    CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON reports_routingrule
        FOR EACH ROW EXECUTE FUNCTION reports_rules_are_frozen();
    CREATE FUNCTION reports_book_is_frozen() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        RAISE EXCEPTION 'A published list of rules is never edited.'
            USING ERRCODE = 'check_violation';
    END $$;
    CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON reports_rulebook
        FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION reports_book_is_frozen();
"""
THAWED = """
    DROP TRIGGER frozen ON reports_rulebook;
    DROP TRIGGER frozen ON reports_routingrule;
    DROP FUNCTION reports_book_is_frozen();
    DROP FUNCTION reports_rules_are_frozen();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0001_initial'),
        ('places', '0002_lai_chau'),
        ('reports', '0006_saved_filters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='report',
            name='neighbour',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='report',
            name='outside_m',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='village_source',
            field=models.CharField(blank=True, choices=[('chosen', 'Bà con chọn'), ('polygon', 'Theo ranh giới bản'), ('guess', 'Đoán theo bản gần nhất')], max_length=10),
        ),
        migrations.CreateModel(
            name='RuleBook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(null=True)),
                ('state', models.CharField(choices=[('draft', 'Đang sửa'), ('published', 'Đang áp dụng')], default='draft', max_length=10)),
                ('made_by', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('approved_by', models.CharField(blank=True, max_length=64)),
                ('published_at', models.DateTimeField(null=True)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
            ],
        ),
        migrations.CreateModel(
            name='RoutingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4)),
                ('order', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('category_in', models.JSONField(default=list)),
                ('village_in', models.JSONField(default=list)),
                ('area', models.JSONField(null=True)),
                ('stream_in', models.JSONField(default=list)),
                ('severity_in', models.JSONField(default=list)),
                ('channel_in', models.JSONField(default=list)),
                ('weekday_in', models.JSONField(default=list)),
                ('time_from', models.TimeField(null=True)),
                ('time_to', models.TimeField(null=True)),
                ('answers', models.JSONField(default=dict)),
                ('also_tell', models.JSONField(default=list)),
                ('valid_from', models.DateField(null=True)),
                ('valid_to', models.DateField(null=True)),
                ('is_enabled', models.BooleanField(default=True)),
                ('made_by', models.CharField(max_length=64)),
                ('approved_by', models.CharField(blank=True, max_length=64)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
                ('to_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.unit')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='reports.rulebook')),
            ],
            options={
                'ordering': ['book', 'order'],
            },
        ),
        migrations.CreateModel(
            name='RoutingTrace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('why', models.CharField(choices=[('received', 'Khi nhận'), ('changed', 'Khi đổi loại việc'), ('rules', 'Khi danh sách luật đổi')], default='received', max_length=10)),
                ('decided_by', models.CharField(max_length=10)),
                ('book_version', models.PositiveIntegerField(null=True)),
                ('steps', models.JSONField(default=list)),
                ('facts', models.JSONField(default=dict)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='traces', to='reports.report')),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.routingrule')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['report', '-id'], name='trace_of_report')],
            },
        ),
        migrations.AddConstraint(
            model_name='rulebook',
            constraint=models.UniqueConstraint(fields=('commune', 'version'), name='rule_book_version'),
        ),
        migrations.AddConstraint(
            model_name='rulebook',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('commune',), name='one_draft_rule_book'),
        ),
        migrations.AddConstraint(
            model_name='rulebook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'draft'), ('version__isnull', True)), models.Q(('published_at__isnull', False), ('state', 'published'), ('version__isnull', False)), _connector='OR'), name='published_rule_book_has_version'),
        ),
        migrations.AddConstraint(
            model_name='routingrule',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('book', 'order'), name='rule_order_in_book'),
        ),
        migrations.AddConstraint(
            model_name='routingrule',
            constraint=models.UniqueConstraint(fields=('book', 'key'), name='rule_once_in_book'),
        ),
        migrations.AddConstraint(
            model_name='routingrule',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='rule_ends_after_it_begins'),
        ),
        *(Isolate(f'reports_{table}') for table in ('rulebook', 'routingrule', 'routingtrace')),
        SameCommune('reports_routingrule', 'book_id', 'reports_rulebook'),
        SameCommune('reports_routingrule', 'to_unit_id', 'identity_unit'),
        SameCommune('reports_routingtrace', 'report_id', 'reports_report'),
        SameCommune('reports_routingtrace', 'rule_id', 'reports_routingrule'),
        SameCommune('reports_routingtrace', 'unit_id', 'identity_unit'),
        AppendOnly('reports_routingtrace'),
        migrations.RunSQL(FROZEN, THAWED),
    ]
