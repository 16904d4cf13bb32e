-- One function per operation of lib/ports/users.ts, for service_role alone. `request` and the answer are the port's own
-- objects in JSON; instants are epoch ms. Each call is one transaction. A step that changes an account locks its row
-- first, so the steps of one account follow one another.

create function posta.user_json(u posta.users) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', u.id,
    'username', jsonb_build_object('typed', u.username, 'normal', u.username_normal),
    'email', jsonb_build_object('deliver', u.email, 'normal', u.email_normal),
    'emailVerified', u.email_verified,
    'phone', u.phone,
    'phoneVerified', u.phone_verified,
    'locale', u.locale,
    'referralCode', u.referral_code,
    'passwordHash', u.password_hash,
    'createdAt', round(extract(epoch from u.created_at) * 1000)::bigint
  )
$$;

create function posta.told(kind text, u posta.users) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('kind', kind, 'user', posta.user_json(u))
$$;

create function posta.instant(ms text) returns timestamptz
language sql immutable set search_path = '' as $$
  select to_timestamp(ms::bigint / 1000.0)
$$;

create function posta.had_effect(challenge text, what text) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from posta.user_effects where challenge_id = challenge and effect = what)
$$;

-- Fails, and so undoes the step, when the challenge has had another effect.
create function posta.keep_effect(challenge text, account text, what text, now_ms text) returns void
language sql volatile set search_path = '' as $$
  insert into posta.user_effects (challenge_id, user_id, effect, at)
  values (challenge, account, what, posta.instant(now_ms));
  delete from posta.user_effects where challenge_id in (
    select challenge_id from posta.user_effects where at <= posta.instant(now_ms) - interval '7 days'
    order by at limit 10 for update skip locked
  );
$$;

-- User → created | taken{fields}
create function public.posta_users_create(request jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  u posta.users;
  fields jsonb;
begin
  insert into posta.users (id, username, username_normal, email, email_normal, email_verified, phone, phone_verified,
    locale, referral_code, password_hash, created_at)
  values (request->>'id', request->'username'->>'typed', request->'username'->>'normal', request->'email'->>'deliver',
    request->'email'->>'normal', (request->>'emailVerified')::boolean, request->>'phone',
    (request->>'phoneVerified')::boolean, request->>'locale', request->>'referralCode', request->>'passwordHash',
    posta.instant(request->>'createdAt'))
  on conflict do nothing
  returning * into u;
  if not found then
    select * into u from posta.users where id = request->>'id';
  end if;
  if found then
    return posta.told('created', u);
  end if;
  select jsonb_agg(held.field order by held.place) into fields
  from (values
    (1, 'username', exists (select from posta.users where username_normal = request->'username'->>'normal')),
    (2, 'email', exists (select from posta.users where email_normal = request->'email'->>'normal'))
  ) as held (place, field, by_another)
  where held.by_another;
  if fields is null then
    raise exception 'whoever held it has let it go meanwhile' using errcode = 'serialization_failure';
  end if;
  return jsonb_build_object('kind', 'taken', 'fields', fields);
end
$$;

-- {id} | {username} | {email} → found | missing
create function public.posta_users_find(request jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  u posta.users;
begin
  if request ? 'id' then
    select * into u from posta.users where id = request->>'id';
  elsif request ? 'username' then
    select * into u from posta.users where username_normal = request->>'username';
  else
    select * into u from posta.users where email_normal = request->>'email';
  end if;
  if not found then
    return '{"kind": "missing"}';
  end if;
  return posta.told('found', u);
end
$$;

-- Verification → verified | stale | missing
create function public.posta_users_mark_verified(request jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  u posta.users;
  for_email boolean := request->>'contact' = 'email';
begin
  select * into u from posta.users where id = request->>'userId' for update;
  if not found then
    return '{"kind": "missing"}';
  end if;
  if posta.had_effect(request->>'challengeId', 'verified') then
    return posta.told('verified', u);
  end if;
  if (case when for_email then u.email else u.phone end) is distinct from request->>'address' then
    return '{"kind": "stale"}';
  end if;
  update posta.users
  set email_verified = email_verified or for_email, phone_verified = phone_verified or not for_email
  where id = u.id
  returning * into u;
  perform posta.keep_effect(request->>'challengeId', u.id, 'verified', request->>'now');
  return posta.told('verified', u);
end
$$;

-- AddressChange → changed | taken{fields} | stale | missing
create function public.posta_users_change_address(request jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  u posta.users;
  for_email boolean := request->'to' ? 'email';
begin
  select * into u from posta.users where id = request->>'userId' for update;
  if not found then
    return '{"kind": "missing"}';
  end if;
  if posta.had_effect(request->>'challengeId', 'address') then
    return posta.told('changed', u);
  end if;
  if (case when for_email then u.email else u.phone end) is distinct from request->>'from'
    or u.password_hash is distinct from request->>'hash' then
    return '{"kind": "stale"}';
  end if;
  if for_email then
    begin
      update posta.users
      set email = request->'to'->'email'->>'deliver', email_normal = request->'to'->'email'->>'normal',
        email_verified = true
      where id = u.id
      returning * into u;
    exception when unique_violation then
      return '{"kind": "taken", "fields": ["email"]}';
    end;
  else
    update posta.users set phone = request->'to'->>'phone', phone_verified = true where id = u.id returning * into u;
  end if;
  perform posta.keep_effect(request->>'challengeId', u.id, 'address', request->>'now');
  return posta.told('changed', u);
end
$$;

-- NewPassword → set | spent | stale | missing
create function public.posta_users_set_password(request jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  u posta.users;
  hash text := request->>'hash';
  challenge text := request->'by'->>'challengeId';
begin
  select * into u from posta.users where id = request->>'userId' for update;
  if not found then
    return '{"kind": "missing"}';
  end if;
  if challenge is not null then
    if posta.had_effect(challenge, 'password') then
      return posta.told(case when u.password_hash = hash then 'set' else 'spent' end, u);
    end if;
    if u.email is distinct from request->'by'->>'email' then
      return '{"kind": "stale"}';
    end if;
    perform posta.keep_effect(challenge, u.id, 'password', request->>'now');
  elsif u.password_hash = hash then
    return posta.told('set', u);
  elsif u.password_hash is distinct from request->'by'->>'oldHash' then
    return '{"kind": "stale"}';
  end if;
  update posta.users
  set password_hash = hash, email_verified = email_verified or challenge is not null
  where id = u.id
  returning * into u;
  return posta.told('set', u);
end
$$;

-- Update → updated | taken{fields} | missing
create function public.posta_users_update(request jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  u posta.users;
begin
  update posta.users
  set locale = coalesce(request->>'locale', locale),
    username = coalesce(request->'username'->>'typed', username),
    username_normal = coalesce(request->'username'->>'normal', username_normal)
  where id = request->>'userId'
  returning * into u;
  if not found then
    return '{"kind": "missing"}';
  end if;
  return posta.told('updated', u);
exception when unique_violation then
  return '{"kind": "taken", "fields": ["username"]}';
end
$$;

create function public.posta_users_ping() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('kind', 'pong', 'any', exists (select from posta.users))
$$;

-- Supabase grants new functions of `public` to everybody; these are for the service key alone.
revoke execute on all functions in schema posta from public, anon, authenticated, service_role;
do $$
declare
  step regprocedure;
begin
  for step in
    select p.oid::regprocedure from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname like 'posta\_users\_%'
  loop
    execute format('revoke execute on function %s from public, anon, authenticated', step);
    execute format('grant execute on function %s to service_role', step);
  end loop;
end
$$;
