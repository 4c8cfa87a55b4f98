#!/bin/sh
# Makes the owner of the database, who is no superuser: the walls stop it too.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$DATABASE_PASSWORD" -U "${POSTGRES_USER:-postgres}" -d postgres <<'SQL'
CREATE ROLE communs_owner LOGIN PASSWORD :'password' CREATEROLE NOSUPERUSER;
CREATE DATABASE communs OWNER communs_owner;
SQL
