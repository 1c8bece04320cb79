// The page of the desk: each module brings one part of it to life.
import { startConflicts } from "./conflicts.js";
import { startDragging } from "./dragging.js";
import { startMarks } from "./marks.js";
import { startMoveDialog } from "./move_dialog.js";
import { startOpening } from "./opening.js";
import { startOrder } from "./order.js";
import { startSource } from "./source.js";
import { startTyping } from "./typing.js";
import { startUndo } from "./undo.js";
import { startUpdates } from "./updates.js";
import { startViews } from "./views.js";

startUpdates();
startTyping();
startOpening();
startOrder();
startMoveDialog();
startDragging();
startMarks();
startUndo();
startConflicts();
startSource();
startViews();
