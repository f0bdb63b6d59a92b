namespace Asdamir.AdminConsole.Access;

/// <summary>How many of something a user may have at the same time.</summary>
internal sealed class UserLimit(int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _users = [];

    /// <param name="user">The key of the user, as <see cref="Identities.KeyOf"/> gives it.</param>
    /// <returns>A place, until it is disposed; <see langword="null"/> when the user has all of them.</returns>
    public IDisposable? TryEnter(string user)
    {
        lock (_gate)
        {
            var taken = _users.GetValueOrDefault(user);
            if (taken >= most)
                return null;
            _users[user] = taken + 1;
        }
        return new Place(this, user);
    }

    private void Leave(string user)
    {
        lock (_gate)
        {
            if (--_users[user] == 0)
                _users.Remove(user);
        }
    }

    private sealed class Place(UserLimit limit, string user) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
                limit.Leave(user);
        }
    }
}
