"""Which places there are: built from packages (`build`), looked up (`local`), grown by dumps (`dump`), or asked online (`online`)."""
