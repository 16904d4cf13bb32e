-- Accounts of posta: tables in a schema of their own, which PostgREST does not expose. They are reached through the
-- functions of the next migration only.

create schema posta;

create table posta.users (
  id text primary key check (id like 'usr\_%' and char_length(id) <= 64),
  username text not null check (char_length(username) between 1 and 64),
  username_normal text not null check (char_length(username_normal) between 1 and 64),
  email text not null check (char_length(email) between 3 and 254),
  -- The domain is in its ASCII form, and so is what is accepted before it.
  email_normal text not null check (char_length(email_normal) between 3 and 254 and email_normal = lower(email_normal)),
  email_verified boolean not null,
  phone text check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  phone_verified boolean not null,
  locale text not null check (locale ~ '^[a-z]{2}$'),
  referral_code text check (char_length(referral_code) <= 64),
  password_hash text not null check (password_hash like '$%' and char_length(password_hash) <= 512),
  created_at timestamptz not null,
  constraint users_username_unique unique (username_normal),
  constraint users_email_unique unique (email_normal),
  constraint users_phone_verified check (phone is not null or not phone_verified)
);

comment on column posta.users.username_normal is 'What is unique and looked up by; username is what is shown.';
comment on column posta.users.phone is 'Not unique: a stranger could block a number, or learn that it has an account.';
comment on column posta.users.email_normal is 'What is unique and looked up by; mail goes to email.';

-- What a challenge has done, so that a repeat does nothing: one effect each, removed after seven days.
create table posta.user_effects (
  challenge_id text primary key,
  user_id text not null references posta.users (id) on delete cascade,
  effect text not null check (effect in ('verified', 'address', 'password')),
  at timestamptz not null
);
create index user_effects_user on posta.user_effects (user_id);
create index user_effects_at on posta.user_effects (at);

-- No policy: whatever is granted by mistake, anon and authenticated see no row.
alter table posta.users enable row level security;
alter table posta.user_effects enable row level security;

revoke all on schema posta from public, anon, authenticated, service_role;
revoke all on all tables in schema posta from public, anon, authenticated, service_role;
