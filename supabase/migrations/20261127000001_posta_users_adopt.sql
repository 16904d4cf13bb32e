-- Accounts that come from the embedded object, under their own ids.

-- {leaving: [{user, effects: [{challengeId, effect, at}]}]} → adopted{present: [id], taken: [{id, fields}]}
-- Each account whole or not at all; one that is here already stays as it is, so that the call may be repeated. One that
-- breaks a rule of the table must not hold up the others: it is told as taken, with no field.
create function public.posta_users_adopt(request jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  one jsonb;
  made jsonb;
  present jsonb := '[]';
  taken jsonb := '[]';
begin
  for one in select value from jsonb_array_elements(request->'leaving') loop
    begin
      made := public.posta_users_create(one->'user');
    exception when check_violation or not_null_violation or invalid_text_representation then
      made := '{"kind": "taken", "fields": []}';
    end;
    if made->>'kind' = 'created' then
      insert into posta.user_effects (challenge_id, user_id, effect, at)
      select effect->>'challengeId', one->'user'->>'id', effect->>'effect', posta.instant(effect->>'at')
      from jsonb_array_elements(one->'effects') as effect
      on conflict do nothing;
      present := present || jsonb_build_array(one->'user'->>'id');
    else
      taken := taken || jsonb_build_array(jsonb_build_object('id', one->'user'->>'id', 'fields', made->'fields'));
    end if;
  end loop;
  return jsonb_build_object('kind', 'adopted', 'present', present, 'taken', taken);
end
$$;

revoke execute on function public.posta_users_adopt(jsonb) from public, anon, authenticated;
grant execute on function public.posta_users_adopt(jsonb) to service_role;
