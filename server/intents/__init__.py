"""An intent (意向): a giver says that it means to give to a need. It binds nobody, holds nothing and is never counted."""
