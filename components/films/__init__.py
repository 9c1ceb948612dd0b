"""Things made of a kept video: a draft that goes on from it, a joined chain, files of other kinds."""
