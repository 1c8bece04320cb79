"""The ways by which mails leave; `base` says what each of them must do."""
