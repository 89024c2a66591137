# Books, counters, numbers that stay for ever, and a commune's own templates.

import django.db.models.deletion
from django.db import migrations, models

from xaso.kernel.tenancy.operations import Isolate, SameCommune

# A number is never deleted, moved or renumbered; all that may happen to it is to become void.
KEPT = """
    CREATE FUNCTION documents_number_is_kept() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR (OLD.commune_id, OLD.book_id, OLD.year, OLD.number, OLD.notation,
                OLD.on, OLD.key) IS DISTINCT FROM (NEW.commune_id, NEW.book_id, NEW.year,
                NEW.number, NEW.notation, NEW.on, NEW.key) OR OLD.state = 'void' THEN
            RAISE EXCEPTION 'A number that was given stays as it is.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON documents_number
        FOR EACH ROW EXECUTE FUNCTION documents_number_is_kept();
    CREATE FUNCTION documents_counter_only_rises() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR NEW.last <> OLD.last + 1 THEN
            RAISE EXCEPTION 'A counter goes up by one.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER only_rises BEFORE UPDATE OR DELETE ON documents_counter
        FOR EACH ROW EXECUTE FUNCTION documents_counter_only_rises();
    CREATE FUNCTION documents_template_is_frozen() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        RAISE EXCEPTION 'A template in force is never edited.' USING ERRCODE = 'check_violation';
    END $$;
    CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON documents_templateversion
        FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION documents_template_is_frozen();
"""
FREE = """
    DROP TRIGGER frozen ON documents_templateversion;
    DROP TRIGGER only_rises ON documents_counter;
    DROP TRIGGER kept ON documents_number;
    DROP FUNCTION documents_template_is_frozen();
    DROP FUNCTION documents_counter_only_rises();
    DROP FUNCTION documents_number_is_kept();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0002_lai_chau'),
    ]

    operations = [
        migrations.CreateModel(
            name='Book',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('outgoing', 'Văn bản đi'), ('incoming', 'Văn bản đến'), ('copies', 'Bản sao'), ('board', 'Hội đồng, ban, tổ'), ('own', 'Sổ riêng')], max_length=10)),
                ('is_open', models.BooleanField(default=True)),
                ('last_on', models.DateField(null=True)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
            ],
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counters', to='documents.book')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
            ],
        ),
        migrations.CreateModel(
            name='Number',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('notation', models.CharField(blank=True, max_length=60)),
                ('on', models.DateField()),
                ('key', models.UUIDField()),
                ('subject', models.CharField(blank=True, max_length=500)),
                ('state', models.CharField(choices=[('taken', 'Đã cấp'), ('void', 'Huỷ số')], default='taken', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('taken_by', models.CharField(max_length=64)),
                ('taken_at', models.DateTimeField()),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='documents.book')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
            ],
            options={
                'ordering': ['book', 'year', 'number'],
            },
        ),
        migrations.CreateModel(
            name='TemplateVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=300)),
                ('version', models.CharField(max_length=40)),
                ('text', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('source', models.CharField(max_length=300)),
                ('sureness', models.CharField(max_length=12)),
                ('state', models.CharField(choices=[('draft', 'Chưa áp dụng'), ('published', 'Áp dụng')], default='draft', max_length=10)),
                ('valid_from', models.DateField(null=True)),
                ('made_by', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('published_by', models.CharField(blank=True, max_length=64)),
                ('published_at', models.DateTimeField(null=True)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='places.commune')),
            ],
        ),
        migrations.AddConstraint(
            model_name='book',
            constraint=models.UniqueConstraint(fields=('commune', 'code'), name='book_code'),
        ),
        migrations.AddConstraint(
            model_name='counter',
            constraint=models.UniqueConstraint(fields=('commune', 'book', 'year'), name='counter_of_year'),
        ),
        migrations.AddConstraint(
            model_name='number',
            constraint=models.UniqueConstraint(fields=('commune', 'book', 'year', 'number'), name='number_once_in_book'),
        ),
        migrations.AddConstraint(
            model_name='number',
            constraint=models.UniqueConstraint(fields=('commune', 'key'), name='number_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='number',
            constraint=models.UniqueConstraint(condition=models.Q(('notation', ''), _negated=True), fields=('commune', 'year', 'notation', 'number'), name='number_and_sign_once_a_year'),
        ),
        migrations.AddConstraint(
            model_name='number',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'taken'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='void_number_says_why'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('commune', 'code', 'valid_from'), name='one_template_per_day'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), ('valid_from__isnull', False), _connector='OR'), name='published_template_has_a_day'),
        ),
        Isolate("documents_book"),
        Isolate("documents_counter"),
        Isolate("documents_number"),
        Isolate("documents_templateversion"),
        SameCommune("documents_counter", "book_id", "documents_book"),
        SameCommune("documents_number", "book_id", "documents_book"),
        migrations.RunSQL(KEPT, FREE),
    ]
