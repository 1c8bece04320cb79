"""The ways emails can leave; `base` says what each of them must do."""
