"""The ways by which emails leave; `base` says what each of them must do."""
