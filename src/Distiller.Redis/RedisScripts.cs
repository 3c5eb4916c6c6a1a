namespace Distiller;

/// <summary>
/// What the server does in one step. Scripts compare bytes and never use Lua's <c>&lt;</c> on strings, which follows the server's locale. Whatever can be refused is refused before the first write.
/// </summary>
internal static class RedisScripts
{
    /// <summary>What an error of a script begins with, where it is about one key; the key's number follows.</summary>
    public const string Foreign = "DISTILLER foreign ";

    /// <summary>As <see cref="Foreign"/>, for a value of a newer layout; the version follows the key's number.</summary>
    public const string Newer = "DISTILLER newer ";

    /// <summary>As <see cref="Foreign"/>, for an event whose version is there with other bytes.</summary>
    public const string Conflict = "DISTILLER conflict ";

    /// <summary>As <see cref="Foreign"/>, for a stored created time too far ahead of the server's clock; the server's time follows.</summary>
    public const string Ahead = "DISTILLER ahead ";

    /// <summary>
    /// Writes values where what is stored is not newer (O4). KEYS: the keys. ARGV, three for each: the value, how many of its first bytes are its rank, and the millisecond it expires at, or nothing. Answers how many were written.
    /// </summary>
    public const string Write = Common + """
        local stored = {}
        for i, key in ipairs(KEYS) do
          if stored[key] == nil then
            local found, problem = value_of(key, i)
            if problem then return problem end
            stored[key] = found
          end
        end

        local written = 0
        for i, key in ipairs(KEYS) do
          local value, rank, expiry = ARGV[3 * i - 2], tonumber(ARGV[3 * i - 1]), ARGV[3 * i]
          if not is_newer(stored[key], value, rank) then
            put(key, value, expiry)
            stored[key] = value
            written = written + 1
          end
        end
        return written
        """;

    /// <summary>
    /// Accepts events (O7): each is appended to the stream, and becomes the online value where what is stored is not newer.
    /// KEYS: the stream, its clock, then the value's key of each event. ARGV, five for each event: the value up to its created time, its created time or nothing, the value after it, the millisecond it expires at or nothing, and the entity key.
    /// Answers for each event its created time, and whether it became the online value.
    /// </summary>
    public const string Accept = Common + """
        -- Days since 1970 and back, in the calendar that dates are written in.
        local function text_of(micros)
          local seconds = math.floor(micros / 1000000)
          local days = math.floor(seconds / 86400)
          local rest = seconds - days * 86400
          local z = days + 719468
          local era = math.floor(z / 146097)
          local doe = z - era * 146097
          local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
          local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
          local mp = math.floor((5 * doy + 2) / 153)
          local day = doy - math.floor((153 * mp + 2) / 5) + 1
          local month = mp < 10 and mp + 3 or mp - 9
          local year = yoe + era * 400 + (month <= 2 and 1 or 0)
          return string.format('%04d-%02d-%02d %02d:%02d:%02d.%06d', year, month, day,
            math.floor(rest / 3600), math.floor(rest / 60) % 60, rest % 60, micros - seconds * 1000000)
        end

        local function micros_of(text)
          local y, m, d, h, mi, s, f = string.match(text, '^(%d%d%d%d)%-(%d%d)%-(%d%d) (%d%d):(%d%d):(%d%d)%.(%d%d%d%d%d%d)$')
          if not y then return nil end
          y, m, d = tonumber(y), tonumber(m), tonumber(d)
          if m <= 2 then y = y - 1 end
          local era = math.floor(y / 400)
          local yoe = y - era * 400
          local doy = math.floor((153 * (m + (m > 2 and -3 or 9)) + 2) / 5) + d - 1
          local doe = yoe * 365 + math.floor(yoe / 4) - math.floor(yoe / 100) + doy
          return (((era * 146097 + doe - 719468) * 24 + tonumber(h)) * 60 + tonumber(mi)) * 60000000 + tonumber(s) * 1000000 + tonumber(f)
        end

        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
        local clock = math.max(tonumber(redis.call('GET', KEYS[2]) or 0), now - 1)

        local stored, values, created, served = {}, {}, {}, {}
        for i = 3, #KEYS do
          local event, key = i - 2, KEYS[i]
          local head, own, tail = ARGV[5 * event - 4], ARGV[5 * event - 3], ARGV[5 * event - 2]
          local old = stored[key]
          if old == nil then
            local problem
            old, problem = value_of(key, event)
            if problem then return problem end
          end

          if own == '' then
            clock = clock + 1
            -- A created time that a publisher with a faster clock brought is passed by, or this event would not count.
            local known = old and micros_of(string.sub(old, 40, 65))
            if known and known >= clock then
              if known > now + 300000000 then
                return redis.error_reply('DISTILLER ahead ' .. event .. ' ' .. text_of(now))
              end
              clock = known + 1
            end
            own = text_of(clock)
          end

          local rank = #head + 26
          local value = head .. own .. tail
          if old and old ~= value and string.sub(old, 1, rank) == string.sub(value, 1, rank) then
            return redis.error_reply('DISTILLER conflict ' .. event)
          end

          values[event], created[event] = value, own
          served[event] = not is_newer(old, value, rank)
          stored[key] = served[event] and value or old
        end

        local answer = {}
        for event, value in ipairs(values) do
          if served[event] then put(KEYS[event + 2], value, ARGV[5 * event - 1]) end
          redis.call('XADD', KEYS[1], '*', 'key', ARGV[5 * event], 'value', value)
          answer[#answer + 1] = created[event]
          answer[#answer + 1] = served[event] and 1 or 0
        end
        redis.call('SET', KEYS[2], string.format('%.0f', clock))
        return answer
        """;

    /// <summary>Acknowledges events and takes them off the stream. KEYS: the stream. ARGV: the group, then the ids.</summary>
    public const string Acknowledge = """
        local done = 0
        for i = 2, #ARGV do
          done = done + redis.call('XACK', KEYS[1], ARGV[1], ARGV[i])
          redis.call('XDEL', KEYS[1], ARGV[i])
        end
        return done
        """;

    /// <summary>Puts an event aside with its error. KEYS: the stream, and the stream of what was put aside. ARGV: the group, the id, key, value and error.</summary>
    public const string Park = """
        if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
        redis.call('XADD', KEYS[2], '*', 'id', ARGV[2], 'key', ARGV[3], 'value', ARGV[4], 'error', ARGV[5])
        redis.call('XDEL', KEYS[1], ARGV[2])
        return 1
        """;

    private const string Common = """
        -- The value under a key, false where there is none; or what is wrong with it.
        local function value_of(key, number)
          local found = redis.pcall('GET', key)
          if not found then return false end
          if type(found) == 'table' then
            if string.find(found.err, '^WRONGTYPE') then return nil, redis.error_reply('DISTILLER foreign ' .. number) end
            return nil, found
          end
          -- The version follows the times: at byte 66 where a created time has its 26 characters, later behind tie-breakers.
          local first, last = string.find(found, '","v":', 40, true)
          local version = first and string.sub(found, 1, 6) == '{"t":"' and string.sub(found, 33, 39) == '","c":"' and string.match(found, '^%d+', last + 1)
          if not version then return nil, redis.error_reply('DISTILLER foreign ' .. number) end
          if version ~= '1' then return nil, redis.error_reply('DISTILLER newer ' .. number .. ' ' .. version) end
          return found
        end

        -- Whether what is stored is newer than a value, by the value's first bytes.
        local function is_newer(stored, value, rank)
          if not stored or string.sub(stored, 1, rank) == string.sub(value, 1, rank) then return false end
          for i = 1, rank do
            local a, b = string.byte(stored, i), string.byte(value, i)
            if a ~= b then return (a or -1) > b end
          end
          return false
        end

        local function put(key, value, expiry)
          redis.call('SET', key, value)
          if expiry ~= '' then redis.call('PEXPIREAT', key, expiry) end
        end


        """;
}
