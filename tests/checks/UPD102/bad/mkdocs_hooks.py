hooks
