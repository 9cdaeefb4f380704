#!/bin/sh
# Installs a real Nominatim for the tests: PyPI's nominatim-db and nominatim-api in a venv of their own.
#
# It needs Debian's packages: apt-get install -y postgresql-15-postgis-3 postgresql-15-postgis-3-scripts osm2pgsql
# The venv is kept in $DATELINE_NOMINATIM (default ~/.cache/dateline-tests/nominatim), apart from Dateline's own:
# Nominatim is GPL-3.0, runs as a separate program, and is no part of Dateline.
set -eu

venv="${DATELINE_NOMINATIM:-${XDG_CACHE_HOME:-$HOME/.cache}/dateline-tests/nominatim}"
if [ -x "$venv/bin/nominatim" ] && "$venv/bin/nominatim" --version >/dev/null 2>&1; then
    echo "Nominatim is there: $venv"
    exit 0
fi
"${PYTHON:-python3}" -m venv --clear "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check \
    nominatim-db==5.3.3 nominatim-api==5.3.3 falcon==4.4.0 uvicorn==0.54.0 'psycopg[binary]==3.3.9'
"$venv/bin/nominatim" --version
