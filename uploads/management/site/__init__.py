"""Commands for whoever runs the site: workers, migrations, backups, tokens, news."""
