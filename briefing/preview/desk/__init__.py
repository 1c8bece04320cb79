"""An issue whose files are edited in the browser and elsewhere at the same time: edits, their journal, and undo."""
