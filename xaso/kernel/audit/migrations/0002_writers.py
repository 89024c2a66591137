"""The functions that alone write the log book, and who may call them."""

from django.db import migrations

from xaso.kernel.tenancy.operations import AppendOnly, Isolate, SameCommune

CLOSED = "audit_entry, audit_seal, audit_chain, audit_pending, audit_dailyseal"

APPEND = """
CREATE FUNCTION audit_append(p_commune uuid, p_line jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_id bigint;
BEGIN
    IF p_commune IS DISTINCT FROM NULLIF(current_setting('app.commune', true), '')::uuid THEN
        RAISE EXCEPTION 'A line of the log book belongs to the commune of its transaction.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO audit_chain (commune_id, seq, hash)
        VALUES (p_commune, 0, sha256(uuid_send(p_commune))) ON CONFLICT DO NOTHING;
    INSERT INTO audit_entry (commune_id, at, kind, actor_kind, actor_id, roles, unit_id, channel,
            on_behalf_of, action, subject_type, subject_id, purpose, payload)
        SELECT p_commune, clock_timestamp(), x.kind, x.actor_kind, x.actor_id, x.roles, x.unit_id,
            x.channel, x.on_behalf_of, x.action, x.subject_type, x.subject_id, x.purpose, x.payload
        FROM jsonb_to_record(p_line) AS x(kind text, actor_kind text, actor_id text, roles text,
            unit_id bigint, channel text, on_behalf_of text, action text, subject_type text,
            subject_id text, purpose text, payload text)
        RETURNING id INTO v_id;
    INSERT INTO audit_pending (entry_id, commune_id) VALUES (v_id, p_commune);
    RETURN v_id;
END $$;
"""

BYTES = """
CREATE FUNCTION audit_field(p_text text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT int4send(octet_length(convert_to(coalesce(p_text, ''), 'UTF8')))
        || convert_to(coalesce(p_text, ''), 'UTF8')
$$;
CREATE FUNCTION audit_moment(p_at timestamptz) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT audit_field(((extract(epoch FROM p_at) * 1000000)::bigint)::text)
$$;
CREATE FUNCTION audit_bytes(p_seq bigint, p_sealed_at timestamptz, p_line audit_entry)
RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT audit_field(p_seq::text) || audit_moment(p_sealed_at)
        || audit_field(p_line.commune_id::text) || audit_field(p_line.id::text)
        || audit_moment(p_line.at) || audit_field(p_line.kind) || audit_field(p_line.actor_kind)
        || audit_field(p_line.actor_id) || audit_field(p_line.roles)
        || audit_field(p_line.unit_id::text) || audit_field(p_line.channel)
        || audit_field(p_line.on_behalf_of) || audit_field(p_line.action)
        || audit_field(p_line.subject_type) || audit_field(p_line.subject_id)
        || audit_field(p_line.purpose)
        || audit_field(encode(sha256(convert_to(p_line.payload, 'UTF8')), 'hex'))
$$;
"""

SEAL = """
CREATE FUNCTION audit_seal_chain(p_commune uuid, p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_head audit_chain;
    v_prev bytea;
    v_at timestamptz;
    v_waiting bigint[];
    v_line audit_entry;
    v_count integer := 0;
BEGIN
    SELECT * INTO v_head FROM audit_chain WHERE commune_id = p_commune FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    v_waiting := ARRAY(SELECT entry_id FROM audit_pending WHERE commune_id = p_commune
                       ORDER BY entry_id LIMIT p_limit);
    FOR v_line IN
        SELECT e.* FROM audit_entry e LEFT JOIN audit_seal s ON s.entry_id = e.id
        WHERE e.id = ANY (v_waiting) AND e.commune_id = p_commune AND s.entry_id IS NULL
        ORDER BY e.id
    LOOP
        v_prev := v_head.hash;
        v_at := clock_timestamp();
        v_head.seq := v_head.seq + 1;
        v_head.hash := sha256(v_prev || audit_bytes(v_head.seq, v_at, v_line));
        INSERT INTO audit_seal (entry_id, commune_id, seq, sealed_at, prev, hash)
            VALUES (v_line.id, p_commune, v_head.seq, v_at, v_prev, v_head.hash);
        v_count := v_count + 1;
    END LOOP;
    UPDATE audit_chain SET seq = v_head.seq, hash = v_head.hash WHERE commune_id = p_commune;
    DELETE FROM audit_pending WHERE entry_id = ANY (v_waiting);
    RETURN v_count;
END $$;

CREATE FUNCTION audit_seal(p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_before text := coalesce(current_setting('app.commune', true), '');
    v_commune uuid;
    v_count integer := 0;
BEGIN
    FOR v_commune IN SELECT DISTINCT commune_id FROM audit_pending ORDER BY commune_id LOOP
        PERFORM set_config('app.commune', v_commune::text, true);
        v_count := v_count + audit_seal_chain(v_commune, p_limit);
    END LOOP;
    PERFORM set_config('app.commune', v_before, true);
    RETURN v_count;
END $$;
"""

CLOSE_DAY = """
CREATE FUNCTION audit_root(p_lines text[]) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_level bytea[];
    v_above bytea[];
    v_last integer;
BEGIN
    IF cardinality(p_lines) = 0 THEN
        RETURN sha256(''::bytea);
    END IF;
    v_level := ARRAY(SELECT sha256('\\x00'::bytea || convert_to(line, 'UTF8'))
                     FROM unnest(p_lines) WITH ORDINALITY AS x(line, i) ORDER BY i);
    WHILE cardinality(v_level) > 1 LOOP
        v_above := '{}';
        v_last := cardinality(v_level);
        FOR i IN 1 .. v_last BY 2 LOOP
            v_above := v_above || CASE WHEN i < v_last
                THEN sha256('\\x01'::bytea || v_level[i] || v_level[i + 1]) ELSE v_level[i] END;
        END LOOP;
        v_level := v_above;
    END LOOP;
    RETURN v_level[1];
END $$;

CREATE FUNCTION audit_close_day() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_day date := (now() AT TIME ZONE 'Asia/Ho_Chi_Minh' - interval '5 minutes')::date - 1;
    v_nobody uuid := '00000000-0000-0000-0000-000000000000';
    v_before text := coalesce(current_setting('app.commune', true), '');
    v_lines text[];
    v_root bytea;
    v_at timestamptz := clock_timestamp();
BEGIN
    IF EXISTS (SELECT 1 FROM audit_dailyseal WHERE day = v_day) THEN
        RETURN false;
    END IF;
    v_lines := ARRAY(SELECT commune_id || ' ' || seq || ' ' || encode(hash, 'hex')
                     FROM audit_chain WHERE seq > 0 ORDER BY commune_id);
    IF cardinality(v_lines) = 0 THEN
        RETURN false;
    END IF;
    v_root := audit_root(v_lines);
    INSERT INTO audit_dailyseal (day, at, heads, root)
        VALUES (v_day, v_at, array_to_string(v_lines, E'\\n'), v_root)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM set_config('app.commune', v_nobody::text, true);
    PERFORM audit_append(v_nobody, jsonb_build_object(
        'kind', 'change', 'actor_kind', 'system', 'actor_id', 'system', 'roles', '',
        'channel', 'job', 'on_behalf_of', '', 'action', 'audit.day_closed',
        'subject_type', 'audit.DailySeal', 'subject_id', v_day, 'purpose', '',
        'payload', '{"at":' || (extract(epoch FROM v_at) * 1000000)::bigint
            || ',"root":"' || encode(v_root, 'hex') || '"}'));
    PERFORM set_config('app.commune', v_before, true);
    RETURN true;
END $$;
"""

COMMUNES = """
CREATE FUNCTION audit_communes() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT commune_id FROM audit_entry UNION SELECT commune_id FROM audit_seal
    UNION SELECT commune_id FROM audit_chain ORDER BY 1
$$;
ALTER FUNCTION audit_communes() OWNER TO xaso_search;
"""

RIGHTS = f"""
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {CLOSED} FROM xaso_app;
REVOKE ALL ON FUNCTION audit_append(uuid, jsonb), audit_seal(integer), audit_close_day(),
    audit_seal_chain(uuid, integer), audit_communes() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_append(uuid, jsonb), audit_seal(integer), audit_close_day(),
    audit_communes() TO xaso_app;
"""

UNDO = """
DROP FUNCTION audit_communes();
DROP FUNCTION audit_close_day();
DROP FUNCTION audit_root(text[]);
DROP FUNCTION audit_seal(integer);
DROP FUNCTION audit_seal_chain(uuid, integer);
DROP FUNCTION audit_bytes(bigint, timestamptz, audit_entry);
DROP FUNCTION audit_moment(timestamptz);
DROP FUNCTION audit_field(text);
DROP FUNCTION audit_append(uuid, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("tenancy", "0001_initial")]
    operations = [
        Isolate("audit_entry"),
        Isolate("audit_seal"),
        SameCommune("audit_seal", "entry_id", "audit_entry"),
        AppendOnly("audit_entry"),
        AppendOnly("audit_seal"),
        AppendOnly("audit_dailyseal"),
        migrations.RunSQL(APPEND + BYTES + SEAL + CLOSE_DAY + COMMUNES + RIGHTS, UNDO),
    ]
